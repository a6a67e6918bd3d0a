// Follows membership.settlements: says what is new, and ignores revisions that it has seen.
import type { AppointmentSettled } from "./types/membership.appointment_settled.v1";

const seen = new Map<string, number>();

export function hear(body: string): string | undefined {
  const settled = JSON.parse(body) as AppointmentSettled;
  if (settled.revision <= (seen.get(settled.appointment_id) ?? 0)) return undefined;
  seen.set(settled.appointment_id, settled.revision);
  return settled.outcome === "not_debited" ? `short of ${settled.shortfall}` : settled.outcome;
}
