// Starts the game in its frame. A signed-in game gets tokens of a session of its own, in the fragment of its address,
// which no server sees, and in the local storage. A game without a player gets none, also not those that were handed to
// it before; those that it got by itself stay.
const KEYS = { access_token: "gamend_access_token", refresh_token: "gamend_refresh_token" };

/** Says that the tokens in the local storage were handed over. */
const HANDED = "rookery_handed_tokens";

const frame = document.getElementById("game");
const state = document.getElementById("frame-state");
const guest = frame.dataset.guest === "true";

/** Waits until no other tab of the browser shows the game: each would end the session of the other one's. */
async function turn() {
  // Browsers have locks on secure pages only.
  if (!navigator.locks) return;
  const waiting = setTimeout(() => (state.textContent = state.dataset.waiting), 500);
  await new Promise((resolve) => {
    navigator.locks
      .request("rookery-play", () => {
        resolve();
        return new Promise(() => {});
      })
      .catch(resolve);
  });
  clearTimeout(waiting);
  state.textContent = "";
}

async function tokens() {
  const answer = await fetch("/play/session", {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ _csrf_token: frame.dataset.csrf }),
    redirect: "error",
  });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer.json();
}

async function hand() {
  await turn();
  const given = await tokens();
  for (const [name, key] of Object.entries(KEYS)) localStorage.setItem(key, given[name]);
  localStorage.setItem(HANDED, "true");
  return `#${new URLSearchParams(given)}`;
}

function takeBack() {
  if (localStorage.getItem(HANDED) === null) return;
  for (const key of [...Object.values(KEYS), HANDED]) localStorage.removeItem(key);
}

try {
  if (guest) takeBack();
  frame.src = frame.dataset.address + (guest ? "" : await hand());
} catch {
  state.textContent = state.dataset.failed;
}

document.getElementById("full").addEventListener("click", () => frame.requestFullscreen());
