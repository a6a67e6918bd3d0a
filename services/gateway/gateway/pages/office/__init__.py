"""The back office: its pages, a file for each noun."""

from typing import Final

from litestar import Router
from litestar.di import Provide
from litestar.exceptions import HTTPException, ValidationException

from gateway.pages import given
from gateway.pages.guard import SignInNeeded, admit
from gateway.pages.office import (
    account,
    audit,
    client_endings,
    client_profile,
    client_search,
    clients,
    event_log,
    home,
    location_settings,
    membership_life,
    memberships,
    merging,
    reports,
    service_settings,
    services,
    session,
    sharing,
    staff,
    team,
)
from gateway.pages.refusals import lead_to_sign_in, show_http, show_problem, show_unexpected
from web.problems import ProblemError

ROUTES: Final = (
    session.show_sign_in,
    session.sign_in,
    session.sign_out,
    home.choose_location,
    home.show_location,
    account.show_account,
    account.change_password,
    client_search.show_client_search,
    clients.show_clients,
    clients.show_new_client,
    clients.add_client,
    client_profile.show_client,
    client_profile.show_client_form,
    client_profile.change_client,
    client_endings.show_client_merging,
    client_endings.merge_clients,
    client_endings.show_erasing,
    client_endings.erase_client,
    memberships.show_memberships,
    memberships.show_membership,
    membership_life.freeze_membership,
    membership_life.unfreeze_membership,
    membership_life.extend_membership,
    membership_life.adjust_membership,
    membership_life.void_membership,
    membership_life.settle_unpaid_visits,
    sharing.show_sharing,
    sharing.share_membership,
    sharing.show_removal,
    sharing.unshare_membership,
    services.show_services,
    services.show_new_service,
    services.create_service,
    services.create_category,
    service_settings.show_service,
    service_settings.change_service,
    service_settings.duplicate_service,
    merging.show_merging,
    merging.merge_services,
    reports.show_reports,
    reports.download_report,
    team.show_team,
    team.show_new_team_member,
    team.create_team_member,
    team.show_team_member,
    team.change_team_member,
    team.add_time_off,
    team.remove_time_off,
    location_settings.show_location_settings,
    location_settings.change_location,
    staff.show_staff,
    staff.add_staff,
    staff.remove_staff,
    audit.show_audit,
    event_log.show_event_log,
    event_log.follow_event_log,
    event_log.show_all_events,
    event_log.follow_all_events,
)

OFFICE: Final = Router(
    "/office",
    route_handlers=ROUTES,
    guards=[admit],
    dependencies={
        "desk": Provide(given.desk, sync_to_thread=False),
        "visit": Provide(given.visit, sync_to_thread=False),
    },
    exception_handlers={
        SignInNeeded: lead_to_sign_in,
        ProblemError: show_problem,
        ValidationException: show_http,
        HTTPException: show_http,
        Exception: show_unexpected,
    },
    include_in_schema=False,
)
