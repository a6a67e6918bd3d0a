/** Asking the public API: keys, repeats, and what can go wrong. */

/** Where the script came from: the API is there too, unless the element names another. */
export const HOME = new URL(import.meta.url).origin;

export const pause = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

/** A key of our own for one submission. Not every website is served in a secure context. */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (one) => one.toString(16).padStart(2, "0")).join("");
}

/** Why a request came to nothing: `kind` is the name of the problem, or `offline`, `blocked`. */
export class Failure extends Error {
  constructor(kind, problem = {}, wait = 0) {
    super(problem.detail ?? kind);
    Object.assign(this, { kind, problem, wait });
  }

  /** Whether the same may be sent again, under the same key. */
  get passing() {
    return ["offline", "pending", "service-unavailable", "internal-error"].includes(this.kind);
  }
}

/** The API at `base`, asked with a website's `key` about one location. */
export class Edge {
  constructor(base, location, key) {
    const here = `/v1/locations/${encodeURIComponent(location)}`;
    Object.assign(this, { base, location, key, here });
  }

  get(path, token) {
    return this.#ask("GET", path, { token });
  }

  /** `attempt` is the idempotency key: the same again has one effect and one answer. */
  post(path, body, { token, attempt } = {}) {
    return this.#ask("POST", path, { body, token, attempt });
  }

  async #ask(method, path, { body, token, attempt }) {
    const headers = { Authorization: `Bearer ${token ?? this.key}` };
    if (body) headers["Content-Type"] = "application/json";
    if (attempt) headers["Idempotency-Key"] = attempt;
    let answer;
    try {
      answer = await fetch(this.base + path, {
        method, headers, body: body && JSON.stringify(body), credentials: "omit",
        referrerPolicy: "origin", signal: AbortSignal.timeout?.(30_000),
      });
    } catch {
      // A browser does not say why. If the edge is there, it is this website that may not ask.
      const there = await fetch(`${this.base}/livez`, { mode: "no-cors", credentials: "omit" })
        .then(() => true, () => false);
      throw new Failure(there && method === "GET" ? (token ? "unauthenticated" : "blocked") : "offline");
    }
    const said = await answer.json().catch(() => ({}));
    if (answer.status === 202 && said.href) return this.#outcome(said.href, token);
    if (answer.ok) return said;
    const kind = String(said.type ?? "").split("/").pop() || "internal-error";
    throw new Failure(kind, said, Number(answer.headers.get("Retry-After") ?? 0));
  }

  /** What became of a command that was not concluded in time. */
  async #outcome(path, token) {
    for (let tries = 0; tries < 30; tries += 1) {
      await pause(1);
      const { state, result, problem } = await this.#ask("GET", path, { token });
      if (state === "done") return result;
      if (state === "refused") throw new Failure(problem.type.split("/").pop(), problem);
    }
    throw new Failure("pending");
  }
}
