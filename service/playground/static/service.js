// Asks the service. What it refuses is thrown as an error whose message is a sentence for people.

import * as access from "./access.js";

const UNAUTHORIZED = 401;

export class Problem extends Error {
  constructor(title, detail, status) {
    super(detail ? `${title}: ${detail}` : title);
    this.status = status;
  }
}

export const read = (path) => ask(path, () => ({}));
export const remove = (path) => ask(path, () => ({ method: "DELETE" }));

// Signed with the name of the one who writes, under a field of that name; both may be given only when it is asked for.
export const write = (path, fields, signed = "who") =>
  ask(path, () => ({
    method: "POST",
    body: JSON.stringify({ ...fields, [signed]: access.name() }),
    headers: { "Content-Type": "application/json" },
  }));

// The answer to a page sent as it is, and what kind of page the service took it for.
export async function strip(text, kind) {
  const type = { text: "text/plain", html: "text/html", "": "application/x-www-form-urlencoded" }[kind];
  // The charset is ours, whatever the page declares: it is characters that were pasted, and not bytes.
  const response = await send("v1/strip", {
    method: "POST",
    body: text,
    headers: { "Content-Type": `${type}; charset=utf-8` },
  });
  return { ...(await content(response)), kind: response.headers.get("Pagesieve-Kind") };
}

async function ask(path, options) {
  let response = await send(path, options());
  if (response.status === UNAUTHORIZED) {
    const { detail } = await response.json();
    if (await access.demand(detail)) {
      response = await send(path, options());
    }
    if (response.status === UNAUTHORIZED) {
      throw new Problem("Not done", "the token is needed, and it was not given or is another one.", UNAUTHORIZED);
    }
  }
  return content(response);
}

async function send(path, options) {
  try {
    const headers = { ...options.headers, ...access.headers() };
    return await fetch(new URL(path, document.baseURI), { ...options, headers });
  } catch {
    throw new Problem("No answer; is the service still running?", "", 0);
  }
}

async function content(response) {
  const body = await response.text();
  let found = null;
  try {
    found = body ? JSON.parse(body) : null;
  } catch {
    throw new Problem("No answer that could be read", `status ${response.status}`, response.status);
  }
  if (!response.ok) {
    throw new Problem(found?.title ?? "Refused", found?.detail ?? `status ${response.status}`, response.status);
  }
  return found;
}
