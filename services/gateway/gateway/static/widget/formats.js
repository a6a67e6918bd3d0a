/** Dates, times and money. A date is YYYY-MM-DD and a month YYYY-MM; neither is an instant. */

const DAY = 86_400_000;

/** The date so many days after `date`, or before it. */
export function plusDays(date, days) {
  return new Date(Date.parse(date) + days * DAY).toISOString().slice(0, 10);
}

/** The month after `month`, or so many later. */
export function following(month, by = 1) {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 1 + by, 1)).toISOString().slice(0, 7);
}

/** The last date of `month`. */
export const lastOf = (month) => plusDays(`${following(month)}-01`, -1);

/** How they are written at the location, whatever the visitor's clock says. */
export class Formats {
  #locale;
  #dates;
  #zone;

  /** `dates` is the locale of dates, if the website asks for one. */
  constructor(location, language, dates) {
    this.#locale = `${language}-${location.region}`;
    this.#dates = dates ?? this.#locale;
    this.#zone = location.time_zone;
  }

  #write(instant, options, locale = this.#dates) {
    return new Intl.DateTimeFormat(locale, { timeZone: this.#zone, ...options })
      .format(new Date(instant));
  }

  clock(instant) {
    return this.#write(instant, { hour: "numeric", minute: "2-digit" });
  }

  moment(instant) {
    return this.#write(instant, {
      weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit",
    });
  }

  /** A date that is no instant; its name is the same in every zone. */
  day(date, options = { weekday: "long", day: "numeric", month: "long" }) {
    return this.#write(`${date}T12:00:00Z`, { ...options, timeZone: "UTC" });
  }

  /** The local date of an instant, as YYYY-MM-DD. */
  date(instant) {
    return this.#write(instant, { year: "numeric", month: "2-digit", day: "2-digit" }, "en-CA");
  }

  /** The local minutes since midnight. */
  minutes(instant) {
    const [hours, minutes] = this.#write(instant, { hour: "2-digit", minute: "2-digit" }, "en-GB")
      .split(":");
    return Number(hours) * 60 + Number(minutes);
  }

  /** The city of the local time if it is another than the visitor's, and null otherwise. */
  otherZone(now) {
    const read = (timeZone) => this.#write(now,
      { timeZone, hour: "numeric", minute: "numeric", day: "numeric" }, "en");
    if (read(this.#zone) === read(undefined)) return null;
    return this.#zone.split("/").pop().replaceAll("_", " ");
  }

  money({ amount, currency }) {
    const format = new Intl.NumberFormat(this.#locale, { style: "currency", currency });
    return format.format(amount / 10 ** format.resolvedOptions().maximumFractionDigits);
  }
}
