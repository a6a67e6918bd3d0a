/**
 * The client who has confirmed a phone: token, number and name, kept until the tab is closed.
 *
 * A website may forbid to keep anything; then it is known until the page is left.
 */

/** Who was kept on this shelf, unless the token has ended. */
export function recall(shelf) {
  try {
    const who = JSON.parse(sessionStorage.getItem(shelf));
    return who && Date.parse(who.expires_at) > Date.now() ? who : null;
  } catch {
    return null;
  }
}

/** Keep who it is; null is nobody any more. */
export function keep(shelf, who) {
  try {
    if (who) sessionStorage.setItem(shelf, JSON.stringify(who));
    else sessionStorage.removeItem(shelf);
  } catch { /* It is forbidden here. */ }
}
