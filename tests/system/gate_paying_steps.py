"""Random steps: lines are paid at the counter or debited by hand, and that is undone."""

from gate_attempts import any_of, attempt
from gate_scene import Scene
from gate_state import Appointment, Line


def pay_at_the_counter(scene: Scene) -> None:
    """Take money for lines of a visit (rule A16)."""
    chosen = _any_lines(scene)
    if chosen is None:
        return
    appointment, lines = chosen

    def decide() -> bool:
        scene.gate.pay(lines)
        return True

    path = _visit(scene, appointment, "/payments")
    ids = [line.id for line in lines]
    what = f"pay {appointment.id} {ids} at the counter"
    form = {"line_ids": ids}
    paid = attempt(scene, what, decide, lambda: scene.operator.post(path, form))
    if paid:
        [payment] = [
            each
            for each in paid[1]["payments"]
            if set(each["line_ids"]) == set(ids) and not each["undone"]
        ]
        for line in lines:
            line.payment = payment["payment_id"]


def undo_payment(scene: Scene) -> None:
    """Give the money of a payment back (rule A16)."""
    paid = [each for each in _accepted(scene) if any(line.payment for line in each.lines)]
    appointment = any_of(scene, paid)
    if appointment is None:
        return
    payment = next(line.payment for line in appointment.lines if line.payment)
    lines = [line for line in appointment.lines if line.payment == payment]

    def decide() -> bool:
        scene.gate.undo_payment(appointment, lines)
        return True

    path = _visit(scene, appointment, f"/payments/{payment}/undo")
    what = f"undo payment {payment} of {appointment.id}"
    attempt(scene, what, decide, lambda: scene.operator.post(path))


def debit_by_hand(scene: Scene) -> None:
    """Debit lines of an appointment by hand, in the visit status Pending (rule A13)."""
    chosen = _any_lines(scene)
    if chosen is None:
        return
    appointment, lines = chosen

    def decide() -> bool:
        scene.gate.debit_by_hand(appointment, lines)
        return True

    path = _visit(scene, appointment, "/debits")
    form = {"line_ids": [line.id for line in lines]}
    what = f"debit {appointment.id} {form['line_ids']} by hand"
    attempt(scene, what, decide, lambda: scene.operator.post(path, form))


def undo_debit(scene: Scene) -> None:
    """Undo what sessions paid of an appointment; it stands (rule A10)."""
    debited = [each for each in _accepted(scene) if any(line.debit for line in each.lines)]
    among = debited if scene.rng.random() < 0.9 else _accepted(scene)
    appointment = any_of(scene, among)
    if appointment is None:
        return

    def decide() -> bool:
        scene.gate.undo_debit(appointment)
        return True

    path = scene.at(f"/appointments/{appointment.id}/undo-debit")
    what = f"undo the debit of {appointment.id}"
    attempt(scene, what, decide, lambda: scene.operator.post(path))


def _accepted(scene: Scene) -> list[Appointment]:
    return [
        each
        for each in scene.state.appointments
        if each.state == "accepted" and not any(line.released for line in each.lines)
    ]


def _any_lines(scene: Scene) -> tuple[Appointment, list[Line]] | None:
    appointment = any_of(scene, _accepted(scene))
    if appointment is None:
        return None
    open_ = [line for line in appointment.lines if line.is_open]
    among = open_ if open_ and scene.rng.random() < 0.9 else appointment.lines
    number = scene.rng.randint(1, len(among))
    chosen = {line.id for line in scene.rng.sample(among, number)}
    return appointment, [line for line in appointment.lines if line.id in chosen]


def _visit(scene: Scene, appointment: Appointment, rest: str) -> str:
    view = scene.operator.get(scene.at(f"/appointments/{appointment.id}"))
    return scene.at(f"/visits/{view['visit_id']}{rest}")
