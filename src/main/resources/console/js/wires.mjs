// What the playground knows of each wire: where it connects to, what it sends when the line is open, what a frame
// means, and what one can send. `place` is what a client follows: a topic, a room or a game.

const FAREWELL = 3000;
const address = (path) => location.origin.replace(/^http/, "ws") + path;
const encoded = encodeURIComponent;
const parse = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Sends a request of the API as the player of a pane. */
export async function request(method, path, token, body) {
  const response = await fetch(path, {
    method,
    headers: {
      accept: "application/json",
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  return { ok: response.ok, status: response.status, text, body: parse(text) };
}

async function required(method, path, token, body) {
  const answer = await request(method, path, token, body);
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
  return answer.body;
}

const number = (place) => place.slice(place.indexOf(":") + 1);

/** A Phoenix frame of a pane: [join_ref, ref, topic, event, payload]. */
function push(pane, event, payload) {
  pane.refs = (pane.refs ?? 0) + 1;
  const ref = String(pane.refs);
  return JSON.stringify([event === "phx_join" ? ref : (pane.joinRef ?? null), ref, pane.place, event, payload]);
}

const phoenix = {
  label: "Gamend (Phoenix)",
  placeLabel: "Topic",
  place: (pane) => `user:${pane.player.user_id}`,
  url: (pane) => address(`/socket/websocket?vsn=2.0.0&token=${encoded(pane.token)}`),
  opened(pane, resume) {
    const position = resume && pane.joined === pane.place ? pane.position : undefined;
    pane.send(push(pane, "phx_join", { resume: position ?? {} }));
    pane.heartbeat = setInterval(() => pane.send('[null,"0","phoenix","heartbeat",{}]', true), 30_000);
  },
  sending(pane, text) {
    const [joinRef, , topic, event] = parse(text) ?? [];
    if (event !== "phx_join") return;
    pane.joinRef = joinRef;
    if (pane.joined !== topic) pane.position = undefined;
    pane.joined = topic;
  },
  read(pane, text) {
    const frame = parse(text);
    if (!Array.isArray(frame)) return { title: "?" };
    const [, , topic, event, payload] = frame;
    if (topic === "phoenix") return null;
    if (event === "phx_reply") {
      const { status, response } = payload;
      if (status === "ok" && response.recovered === false) pane.position = undefined;
      return { title: `reply ${status}`, note: "recovered" in response ? `recovered: ${response.recovered}` : "" };
    }
    if (payload?._position) {
      pane.position = payload._position;
      return { title: `${topic} ${event}`, offset: payload._position.offset };
    }
    return { title: `${topic} ${event}` };
  },
  templates: (pane) => [
    ["Create a lobby", `POST /api/v1/lobbies {"title": "Playground"}`],
    ["Join a lobby", `POST /api/v1/lobbies/${number(pane.place)}/join {}`],
    [
      "Say hello in the lobby",
      `POST /api/v1/chat/messages {"chat_type": "lobby", "chat_ref_id": ${number(pane.place)}, "content": "hello"}`,
    ],
    ["Be ready", push(pane, "set_ready", { ready: true })],
    ["Leave the topic", push(pane, "phx_leave", {})],
    ["Join the topic anew", push(pane, "phx_join", { resume: {} })],
  ],
  code: (pane) => [
    `const socket = new Socket("${address("/socket")}", { params: { token } });`,
    "socket.connect();",
    "let position = {};",
    `const channel = socket.channel("${pane.place}", () => ({ resume: position }));`,
    "channel.onMessage = (event, payload) => {",
    "  position = payload?._position ?? position;",
    "  return payload;",
    "};",
    'channel.join().receive("ok", ({ recovered }) => console.log({ recovered }));',
  ],
};

const gameflow = {
  label: "GameFlow",
  placeLabel: "Lobby code",
  place: () => "",
  url: (pane) => address(`/_ws?token=${encoded(pane.token)}`),
  opened() {},
  read(pane, text) {
    const message = parse(text);
    if (message?.lobby?.code && !pane.place) pane.setPlace(message.lobby.code);
    return { title: message?.type ?? "?" };
  },
  templates: (pane) => [
    ["Create a lobby", '{"type": "lobby:create", "isPrivate": true}'],
    ["Join by code", JSON.stringify({ type: "lobby:join", code: pane.place })],
    ["Be ready", '{"type": "lobby:ready"}'],
    ["Start", '{"type": "lobby:start"}'],
    ["Leave", '{"type": "lobby:leave"}'],
  ],
  code: () => [`const socket = new WebSocket("${address("/_ws?token=")}" + token);`],
};

const kamon = {
  label: "Kamon relay",
  placeLabel: "Room and seat",
  place: (pane) => `playground_${pane.index % 2}`,
  url: () => address("/ws"),
  opened: (pane) => pane.send(`* ${pane.place}`),
  read: () => ({ title: "from the other player" }),
  templates: () => [
    ["Ask for the state", "*"],
    ["A move", "e2e4"],
  ],
  code: (pane) => [
    `const socket = new WebSocket("${address("/ws")}");`,
    `socket.onopen = () => socket.send("* ${pane.place}");`,
  ],
};

const godra = {
  label: "Godra",
  placeLabel: "Game",
  place: () => "",
  async url(pane) {
    if (!pane.place) {
      const { result } = await required("POST", "/api/rpc", pane.token, '{"script": "create_lobby", "args": [4]}');
      pane.setPlace(number(result));
    }
    return address(`/ws?token=${encoded(pane.token)}&game_id=${encoded(pane.place)}`);
  },
  opened(pane) {
    pane.heartbeat = setInterval(() => pane.send('{"action": "heartbeat"}', true), 5_000);
  },
  read: (_, text) => ({ title: parse(text)?.type ?? "?" }),
  templates: () => [
    ["Say hello", '{"action": "chat", "payload": {"text": "hello"}}'],
    ["Create a game", 'POST /api/rpc {"script": "create_lobby", "args": [4]}'],
  ],
  code: (pane) => [`const socket = new WebSocket("${address("/ws?token=")}" + token + "&game_id=${pane.place}");`],
};

const openturn = {
  label: "openturn",
  placeLabel: "Room",
  place: () => "",
  async url(pane) {
    const path = pane.place ? `/api/dev/rooms/${encoded(pane.place)}/lobby-token` : "/api/dev/rooms";
    const room = await required("POST", path, pane.token, "{}");
    if (!pane.place) pane.setPlace(room.roomID);
    return `${address(new URL(room.websocketURL).pathname)}?token=${encoded(room.token)}`;
  },
  opened() {},
  read(pane, text) {
    const message = parse(text);
    if (message?.type === "lobby:transition_to_game") return { title: message.type, note: "connect again" };
    if (message && !message.type) {
      pane.seat = message.playerID;
      return { title: "snapshot", note: `revision ${message.revision}` };
    }
    return { title: message?.type ?? "?", note: message?.revision === undefined ? "" : `revision ${message.revision}` };
  },
  templates: (pane) => [
    ["Take a seat", JSON.stringify({ type: "lobby:take_seat", seatIndex: (pane.index - 1) % 2 })],
    ["Be ready", '{"type": "lobby:set_ready", "ready": true}'],
    ["Start", '{"type": "lobby:start"}'],
    [
      "Place a mark",
      JSON.stringify({
        type: "action",
        matchID: pane.place,
        playerID: pane.seat ?? "0",
        event: "placeMark",
        payload: { row: 0, col: 0 },
        clientActionID: "playground",
      }),
    ],
    ["Ask for a snapshot", '{"type": "sync"}'],
  ],
  code: (pane) => [
    `const path = "/api/dev/rooms/${pane.place}/lobby-token";`,
    "const room = await request(path, token, {});",
    'const socket = new WebSocket(room.websocketURL + "?token=" + room.token);',
  ],
};

export const WIRES = { phoenix, gameflow, kamon, godra, openturn };

/** A socket of the browser. `events` are open, text and closed. */
function plain(url, events) {
  const socket = new WebSocket(url);
  socket.binaryType = "arraybuffer";
  socket.addEventListener("open", events.open);
  socket.addEventListener("message", ({ data }) => events.text(data));
  socket.addEventListener("close", ({ code, reason }) => events.closed(code, reason));
  return { send: (text) => socket.send(text), close: () => socket.close(FAREWELL) };
}

/** A socket that reads a frame a second, so that the server has to keep the others. */
function slow(url, events) {
  const stream = new globalThis.WebSocketStream(url);
  let writer = null;
  stream.closed.then(
    ({ closeCode, reason }) => events.closed(closeCode, reason),
    () => events.closed(1006, ""),
  );
  stream.opened.then(
    async ({ readable, writable }) => {
      writer = writable.getWriter();
      events.open();
      const reader = readable.getReader();
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        events.text(value);
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
    },
    () => {},
  );
  return { send: (text) => writer?.write(text), close: () => stream.close({ closeCode: FAREWELL }) };
}

export const canReadSlowly = "WebSocketStream" in globalThis;

export function openLine(url, isSlow, events) {
  return (isSlow && canReadSlowly ? slow : plain)(url, events);
}
