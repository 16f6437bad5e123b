// One socket for a tab, over which the server says that what the page shows has changed.
const HEARTBEAT_MS = 30_000;
const HIDDEN_MS = 10_000;
const RETRY_MS_MAX = 15_000;
const SESSION_ENDED = 4001;

/** The token of the forms of this page. */
export const csrfToken = () => document.querySelector('input[name="_csrf_token"]')?.value ?? "";

/** Nobody is signed in any more, or somebody else. */
class SignedOut extends Error {}

async function ticket() {
  const body = new URLSearchParams({ _csrf_token: csrfToken() });
  const answer = await fetch("/live/ticket", { method: "POST", body, redirect: "manual" });
  if (answer.type === "opaqueredirect" || answer.status === 403) throw new SignedOut();
  if (answer.status !== 200) throw new Error(`ticket: ${answer.status}`);
  return (await answer.json()).ticket;
}

/**
 * Follows a topic as long as the page is shown. After the line was lost, it says so, and says that
 * something may have changed once it is back.
 */
export function follow(topic, { changed, state = () => {} }) {
  let socket = null;
  let opening = false;
  let wanted = true;
  let over = false;
  let joinedBefore = false;
  let failures = 0;
  let retryTimer = null;
  let heartbeat = null;
  let hiddenTimer = null;
  let ref = 0;

  const send = (to, event, name = topic) =>
    to.readyState === WebSocket.OPEN && to.send(JSON.stringify(["1", String(++ref), name, event, {}]));

  async function connect() {
    clearTimeout(retryTimer);
    retryTimer = null;
    if (socket || opening || !wanted) return;
    opening = true;
    let made;
    try {
      const query = new URLSearchParams({ vsn: "2.0.0", ticket: await ticket() });
      if (!wanted) return;
      made = new WebSocket(`${location.origin.replace(/^http/, "ws")}/live/websocket?${query}`);
    } catch (failure) {
      if (failure instanceof SignedOut) stop("ended");
      else retry();
      return;
    } finally {
      opening = false;
    }
    socket = made;
    made.addEventListener("open", () => {
      send(made, "phx_join");
      heartbeat = setInterval(() => send(made, "heartbeat", "phoenix"), HEARTBEAT_MS);
    });
    made.addEventListener("message", (event) => receive(made, JSON.parse(event.data)));
    made.addEventListener("close", (event) => {
      clearInterval(heartbeat);
      if (socket === made) socket = null;
      if (event.code === SESSION_ENDED) {
        stop("ended");
      } else if (wanted) {
        retry();
      }
    });
  }

  function receive(from, [, , name, event, payload]) {
    if (name !== topic) return;
    if (event === "phx_reply" && payload.status === "ok" && !from.joined) {
      from.joined = true;
      failures = 0;
      state("live");
      if (joinedBefore) changed();
      joinedBefore = true;
    } else if (event === "phx_reply" && payload.status === "error" && !from.joined) {
      if (payload.response.reason === "forbidden") stop("refused");
      from.close(1000);
    } else if (event === "phx_error") {
      from.close(1000);
    } else if (event === "phx_close") {
      // The reader may not see it any more, for example after leaving the group.
      stop("refused");
      from.close(1000);
    } else if (event === "changed") {
      changed();
    }
  }

  /** Follows no more, until the page is loaded again. */
  function stop(why) {
    over = true;
    wanted = false;
    state(why);
  }

  function retry() {
    if (retryTimer || !wanted) return;
    failures++;
    state("lost");
    const wait = Math.min(RETRY_MS_MAX, 500 * 2 ** failures) * (0.5 + Math.random() / 2);
    retryTimer = setTimeout(connect, wait);
  }

  document.addEventListener("visibilitychange", () => {
    clearTimeout(hiddenTimer);
    if (over) return;
    if (document.hidden) {
      hiddenTimer = setTimeout(() => {
        wanted = false;
        socket?.close(1000);
      }, HIDDEN_MS);
    } else {
      wanted = true;
      connect();
    }
  });
  addEventListener("online", connect);
  connect();
}
