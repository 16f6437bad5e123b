// The play shell: the lobby of a room, and the page of the game in a sandbox once the match runs.

import { Refusal, call, element, get, onAction, post, say, shell } from "./server.js";

const CLOSED = { sessionEnded: 4001, transition: 4010, roomClosed: 4011, returningToLobby: 4013 };
const RECONNECT_MS = 500;
const SANDBOX = "allow-scripts allow-forms allow-modals allow-pointer-lock allow-downloads";

const room = shell.room;
const roomPath = `/api/dev/rooms/${encodeURIComponent(room)}`;
let invitation = null;
let socket = null;
/** The latest state of the lobby. */
let lobby = null;
/** Whether the next state is the first one of a connection. */
let isFirst = true;
/** The last action in the lobby and what it was to change, until the server has answered it. */
let unanswered = null;
let actions = 0;

const addressOf = (roomID) => `/play/${encodeURIComponent(shell.game)}/${encodeURIComponent(roomID)}`;

onAction("open", "click", async () => {
  const opened = await post("/api/dev/rooms", { gameKey: shell.game });
  location.assign(addressOf(opened.roomID));
});

onAction("file", "change", async () => {
  const [file] = element("file").files;
  if (!file) return;
  say("Reading the save …");
  const stored = await call("POST", "/api/dev/saves", file, "application/octet-stream");
  const { saveID } = await stored.json();
  const opened = await post(`/api/dev/saves/${saveID}/new-room`);
  location.assign(addressOf(opened.roomID));
});

if (room) {
  element("invite").value = location.origin + addressOf(room);
  element("plain").hidden = shell.page === "true";
  element("state").open = shell.page !== "true";
  join();
} else {
  element("begin").hidden = false;
}

/** Asks for a token for the room: for its lobby, or for the player's seat once the match runs. */
async function join() {
  try {
    const { phase } = await get(`${roomPath}/presence`);
    if (phase === "closed") {
      leave("The room is closed.");
    } else {
      enter(await post(`${roomPath}/lobby-token`));
    }
  } catch (failure) {
    if (failure instanceof Refusal) {
      const without = failure.message === "player_not_assigned";
      say(without ? "The match runs without you." : `Not possible: ${failure.message}.`);
    } else {
      setTimeout(join, RECONNECT_MS);
    }
  }
}

function leave(why) {
  element("lobby").hidden = element("match").hidden = true;
  say(why);
}

function enter(snapshot) {
  invitation = snapshot;
  const playing = snapshot.scope === "game";
  isFirst = true;
  if (playing) unanswered = null;
  element("lobby").hidden = true;
  element("match").hidden = !playing;
  element("reset").hidden = element("return").hidden = !snapshot.isHost;
  element("frame").replaceChildren(...(playing && shell.page === "true" ? [frame(snapshot)] : []));
  connect(snapshot, playing ? receiveMatch : receiveLobby);
}

function connect(snapshot, receive) {
  const url = new URL(snapshot.websocketURL);
  url.searchParams.set("token", snapshot.token);
  const own = new WebSocket(url);
  socket = own;
  own.addEventListener("message", (event) => {
    if (socket === own) receive(JSON.parse(event.data));
  });
  own.addEventListener("close", (event) => {
    if (socket !== own) return;
    socket = null;
    if (event.code === CLOSED.sessionEnded) {
      leave("You are signed out.");
    } else if (event.code === CLOSED.roomClosed) {
      leave("The room is closed.");
    } else if (event.code !== CLOSED.transition) {
      say("Connecting …");
      setTimeout(join, RECONNECT_MS);
    }
  });
}

/** Sends a message; false if the connection is being restored. */
function send(message) {
  const open = socket?.readyState === WebSocket.OPEN;
  if (open) socket.send(JSON.stringify(message));
  return open;
}

// The lobby

/** What actions change: seats and options, not who is connected. */
function changeable({ seats, config }) {
  return JSON.stringify([seats.map(({ userID, botID, ready }) => [userID, botID, ready]), config?.values]);
}

/** Sends an action in the lobby, now or as soon as the connection is restored. */
function act(message) {
  unanswered = { message, before: changeable(lobby) };
  if (!send(message)) say("Connecting … Your choice is sent then.");
}

/** After a reconnect an unanswered action is sent again, unless the lobby has changed since. */
function receiveState(state) {
  if (unanswered?.before !== changeable(state)) {
    unanswered = null;
  } else if (isFirst) {
    send(unanswered.message);
  }
  isFirst = false;
  lobby = state;
  showLobby(state);
}

function receiveLobby(message) {
  switch (message.type) {
    case "lobby:state":
      receiveState(message);
      break;
    case "lobby:rejected":
      unanswered = null;
      say(`Not possible: ${message.configDetail ?? message.reason}.`);
      break;
    case "lobby:transition_to_game": {
      const { playerID, roomToken, tokenExpiresAt, websocketURL } = message;
      enter({ ...invitation, scope: "game", playerID, token: roomToken, tokenExpiresAt, websocketURL });
      break;
    }
    case "lobby:closed":
      leave(message.reason === "room_closed" ? "The match runs without you." : "The room is closed.");
      break;
    default:
  }
}

function showLobby(state) {
  const me = invitation.userID;
  const host = state.hostUserID === me;
  const mine = state.seats.find((seat) => seat.kind === "human" && seat.userID === me);
  const focused = document.activeElement?.id;
  element("lobby").hidden = false;
  update(element("seats"), state.seats.map((seat) => seatRow(seat, state, host, mine)));
  element("options").replaceChildren(...options(state, host));
  update(element("lobby-actions"), [
    ...(mine ? [readyButton(mine)] : []),
    ...(host ? [button("start", "Start", { type: "lobby:start" }, !state.canStart)] : []),
    ...(host ? [button("close", "Close the room", { type: "lobby:close" })] : []),
  ]);
  // A control that was replaced has lost the focus.
  if (focused) element(focused)?.focus();
  say(describeLobby(state, mine, host));
}

/** Replaces only the children that differ: a click is lost if its control is replaced before it ends. */
function update(parent, children) {
  while (parent.children.length > children.length) parent.lastElementChild.remove();
  for (const [index, child] of children.entries()) {
    const present = parent.children[index];
    if (!present) {
      parent.append(child);
    } else if (!present.isEqualNode(child)) {
      present.replaceWith(child);
    }
  }
}

function describeLobby(state, mine, host) {
  if (!mine) return "Take a seat.";
  if (!mine.ready) return "Say that you are ready.";
  if (!state.canStart) return `Waiting for others; ${state.minPlayers} players are needed.`;
  return host ? "Start the match." : "Waiting for the host.";
}

function button(id, text, message, disabled = false) {
  const made = document.createElement("button");
  made.id = id;
  made.type = "button";
  made.textContent = text;
  made.disabled = disabled;
  made.className = id === "start" ? "" : "secondary";
  made.addEventListener("click", () => act(message));
  return made;
}

function readyButton({ ready }) {
  return button("ready", ready ? "Not ready" : "Ready", { type: "lobby:set_ready", ready: !ready });
}

function seatRow(seat, state, host, mine) {
  const row = document.createElement("li");
  const name = document.createElement("div");
  name.textContent = `Seat ${seat.seatIndex + 1}: ${occupant(seat, state, mine)}`;
  const controls = document.createElement("div");
  controls.className = "actions";
  const index = { seatIndex: seat.seatIndex };
  if (seat.kind === "open") {
    controls.append(button(`take-${seat.seatIndex}`, "Take", { type: "lobby:take_seat", ...index }));
    if (host && state.availableBots.length > 0) controls.append(botChoice(seat, state));
  } else if (seat === mine) {
    controls.append(button(`leave-${seat.seatIndex}`, "Leave", { type: "lobby:leave_seat" }));
  } else if (host) {
    controls.append(button(`clear-${seat.seatIndex}`, "Clear", { type: "lobby:clear_seat", ...index }));
  }
  row.append(name, controls);
  return row;
}

function occupant(seat, state, mine) {
  if (seat.kind === "open") return "open";
  if (seat.kind === "bot") {
    return state.availableBots.find(({ botID }) => botID === seat.botID)?.label ?? seat.botID;
  }
  const who = seat === mine ? "you" : seat.userName || `player ${seat.userID}`;
  return `${who}, ${seat.ready ? "ready" : "not ready"}${seat.connected ? "" : ", not connected"}`;
}

function botChoice(seat, state) {
  const choice = document.createElement("select");
  choice.id = `bot-${seat.seatIndex}`;
  choice.setAttribute("aria-label", `Bot for seat ${seat.seatIndex + 1}`);
  choice.append(new Option("Bot …", ""), ...state.availableBots.map(({ botID, label }) => new Option(label, botID)));
  choice.addEventListener("change", () => {
    if (choice.value) act({ type: "lobby:assign_bot", seatIndex: seat.seatIndex, botID: choice.value });
  });
  return choice;
}

function options(state, host) {
  const values = Object.entries(state.config?.values ?? {});
  return values.map(([key, value]) => option(key, value, host));
}

function option(key, value, host) {
  const field = document.createElement("div");
  field.className = "field";
  const label = document.createElement("label");
  const input = document.createElement("input");
  input.id = `option-${key}`;
  label.htmlFor = input.id;
  label.textContent = key;
  input.type = typeof value === "boolean" ? "checkbox" : typeof value === "number" ? "number" : "text";
  input.checked = value === true;
  input.value = String(value);
  input.disabled = !host;
  input.addEventListener("change", () => {
    const typed = { boolean: input.checked, number: input.valueAsNumber }[typeof value] ?? input.value;
    act({ type: "host:set_config", key, value: typed });
  });
  field.append(label, input);
  return field;
}

// The match

/** The page of the game. It is not trusted, so its sandbox has no origin. */
function frame(snapshot) {
  const made = document.createElement("iframe");
  made.title = "Game";
  made.setAttribute("sandbox", SANDBOX);
  made.allow = "fullscreen";
  // The page decodes each character as one byte.
  const init = JSON.stringify({ ...snapshot, parentOrigin: location.origin }).replace(
    /[\u0080-\uffff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const folder = `/__openturn/bundle/${encodeURIComponent(shell.game)}/${encodeURIComponent(shell.version)}`;
  made.src = `${folder}/index.html#openturn-bridge=${encodeURIComponent(btoa(init))}`;
  return made;
}

addEventListener("message", async (event) => {
  const page = element("frame")?.firstElementChild?.contentWindow;
  if (!page || event.source !== page || event.data?.type !== "openturn:bridge:token-refresh-request") return;
  const { requestID } = event.data;
  const answer = { type: "openturn:bridge:token-refresh-response", requestID };
  try {
    const { token, tokenExpiresAt } = await post(`${roomPath}/lobby-token`);
    // A page in a sandbox has no origin that could be named; the policy of this page keeps others out of the frame.
    page.postMessage({ ...answer, token, tokenExpiresAt }, "*");
  } catch (failure) {
    page.postMessage({ ...answer, error: failure.message }, "*");
  }
});

function receiveMatch(message) {
  if (message.type === undefined) {
    showMatch(message);
  } else if (message.type === "batch_applied") {
    showMatch(message.snapshot);
  } else if (message.type === "action_rejected") {
    say(`Not possible: ${message.reason ?? message.error}.`);
  }
}

function showMatch({ G, result, derived, revision }) {
  element("view").textContent = JSON.stringify(G, null, 2);
  element("match").dataset.revision = revision;
  if (result !== null) {
    say(`The match is over: ${JSON.stringify(result)}`);
  } else {
    say(derived.activePlayers.includes(invitation.playerID) ? "It is your turn." : "Others are to move.");
  }
}

onAction("action", "submit", async () => {
  let payload;
  try {
    payload = JSON.parse(element("payload").value || "null");
  } catch {
    throw new Refusal("the payload is not JSON");
  }
  actions++;
  const { playerID } = invitation;
  const action = { type: "action", matchID: room, playerID, event: element("event").value, payload };
  if (!send({ ...action, clientActionID: `shell_${actions}` })) throw new Refusal("not connected");
});

onAction("save", "click", async () => {
  const { saveID, downloadURL } = await post(`${roomPath}/save`);
  const file = await (await call("GET", downloadURL)).blob();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `${saveID}.otsave`;
  link.click();
  URL.revokeObjectURL(link.href);
  say("The match is saved.");
});

onAction("reset", "click", () => post(`${roomPath}/reset`));
onAction("return", "click", () => post(`${roomPath}/return-to-lobby`));
