// What the pages of the play shell share: requests with the access token of the signed-in player.

export const shell = document.getElementById("play").dataset;
export const element = (id) => document.getElementById(id);

const FORM = "application/x-www-form-urlencoded";
let access = null;

/** The server has refused a request, with a code. */
export class Refusal extends Error {}

async function token() {
  const body = new URLSearchParams({ _csrf_token: shell.csrf });
  const answer = await fetch("/play/token", { method: "POST", headers: { "content-type": FORM }, body });
  if (!answer.ok || answer.redirected) {
    throw new Refusal("signed_out");
  }
  return (await answer.json()).token;
}

/** Sends a request; an access token that has expired is replaced once. */
export async function call(method, path, body, type = "application/json") {
  for (let attempt = 0; ; attempt++) {
    access ??= await token();
    const headers = { authorization: `Bearer ${access}`, "content-type": type };
    const answer = await fetch(path, { method, headers, body });
    if (answer.ok) {
      return answer;
    }
    if (answer.status !== 401 || attempt > 0) {
      const refused = await answer.json().catch(() => ({}));
      throw new Refusal(refused.message ?? refused.error ?? String(answer.status));
    }
    access = null;
  }
}

export const post = async (path, body = {}) => (await call("POST", path, JSON.stringify(body))).json();
export const get = async (path) => (await call("GET", path)).json();

export function say(text) {
  element("status").textContent = text;
}

/** Runs what a control does, and shows why it is refused. */
export function onAction(id, event, action) {
  element(id)?.addEventListener(event, async (happened) => {
    happened.preventDefault();
    try {
      await action(happened);
    } catch (failure) {
      say(failure instanceof Refusal ? `Not possible: ${failure.message}.` : `Failed: ${failure.message}`);
    }
  });
}
