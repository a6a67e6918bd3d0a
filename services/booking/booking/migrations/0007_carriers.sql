-- What membership_id is told by: what membership said after this revision of the settlement is newer.
ALTER TABLE appointment_lines ADD COLUMN carrier_revision integer NOT NULL DEFAULT 0;
UPDATE appointment_lines AS line SET carrier_revision = appointment.settlement_revision
FROM appointments AS appointment
WHERE appointment.appointment_id = line.appointment_id AND appointment.settlement_revision > 0;
