// Keeps a lobby up to date. The part is rendered by the server; it waits while somebody types or has the focus in it.
import { follow } from "./socket.mjs";

const FETCH_EVERY_MS = 400;
let waiting = null;

const part = () => document.getElementById("lobby");
const isBusy = () => part().contains(document.activeElement);

async function refresh() {
  waiting = null;
  if (isBusy()) {
    soon();
    return;
  }
  try {
    const answer = await fetch(location.href, { headers: { "x-part": "lobby" }, redirect: "manual" });
    if (!answer.ok) {
      // The lobby is closed, or is no longer shown to this player: the page says so.
      if (answer.status === 404) location.reload();
      return;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("lobby");
    if (fresh && !isBusy()) part().replaceWith(document.adoptNode(fresh));
  } catch {
    // The line is lost; the socket tells of changes again when it is back.
  }
}

function soon() {
  waiting ??= setTimeout(refresh, FETCH_EVERY_MS);
}

follow(part().dataset.live, { changed: soon });
