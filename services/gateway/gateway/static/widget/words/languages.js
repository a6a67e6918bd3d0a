/** The languages that the widget speaks, by their codes. */

import de from "./de.js";
import en from "./en.js";
import es from "./es.js";

const LANGUAGES = { en, de, es };

/**
 * What to speak when a website asks for `tag`, such as `de` or `en-GB`: English if it is none of
 * ours. `dates` is the tag as given if it is one of ours with a region, and null otherwise.
 */
export function spoken(tag) {
  const asked = tag.toLowerCase().split("-")[0];
  const known = Object.hasOwn(LANGUAGES, asked);
  const language = known ? asked : "en";
  return { language, words: LANGUAGES[language], dates: known && tag.includes("-") ? tag : null };
}
