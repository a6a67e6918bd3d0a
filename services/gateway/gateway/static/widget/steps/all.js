/**
 * The steps, by the names that they open each other with.
 *
 * A step is a function of the widget, and of what it is given by the step before; it shows itself
 * on a stage, and opens the next one. Steps know each other by name only: the ways between them go
 * in circles, and the trail back is a list of names.
 */

import { bookings } from "./bookings.js";
import { cancel } from "./changing.js";
import { events } from "./classes.js";
import { code } from "./code.js";
import { contact } from "./contact.js";
import { done } from "./done.js";
import { options } from "./options.js";
import { pay } from "./paying.js";
import { refused } from "./refused.js";
import { review } from "./review.js";
import { services } from "./services.js";
import { team } from "./team.js";
import { time } from "./times.js";

export const STEPS = {
  services, team, time, events, options, contact, code, review, pay, done, refused, bookings,
  cancel,
};

/** How far one has come, in per cent; steps that are not on the way to a booking have none. */
export const PROGRESS = {
  services: 8, team: 22, time: 40, events: 40, options: 52, contact: 64, code: 76, review: 90,
  pay: 95, done: 100,
};
