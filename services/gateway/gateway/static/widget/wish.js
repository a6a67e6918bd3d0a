/**
 * What a visitor has chosen so far, and what follows from it.
 *
 * A wish has `services` (several make one booking), `member` (an id; null is anybody), `start` or,
 * for a class, `event` and `spots`; `payOnline` where there is a choice; `name` and `phone`. When a
 * booking is moved or repeated, `moving` is its appointment, with `how`.
 */

export const paysOnline = (service) =>
  service.online_payment !== "off" && service.price.amount > 0;

/** Beside paying online: `membership` or `studio`; null if there is no choice. */
export function otherWayToPay(wish) {
  const services = wish.services.filter(paysOnline);
  if (services.some((one) => one.membership_booking)) return "membership";
  return services.some((one) => one.online_payment === "optional") ? "studio" : null;
}

/** Booking with a membership, and what will be debited, needs a confirmed phone (rule G8). */
export function needsCode({ services, payOnline }, location) {
  return location.phone_confirmation || services.some((one) => {
    const paid = paysOnline(one)
      && (payOnline || (one.online_payment === "mandatory" && !one.membership_booking));
    return (one.membership_booking || one.automatic_debiting) && !paid;
  });
}

/** The form of a new booking. */
export function bookingForm(wish, { name, phone }) {
  const { services, member, start, event, spots, payOnline } = wish;
  const lines = services.map((one) => ({
    service_id: one.service_id, ...(member ? { team_member_id: member } : {}),
  }));
  return {
    name, phone,
    ...(event ? { spots: { event_id: event.event_id, spots } }
      : { appointments: [{ start, lines }] }),
    ...(otherWayToPay(wish) ? { pay_online: payOnline } : {}),
  };
}
