// The session of games in load tests and tests: what sections 1.2 to 1.9 of the openturn contract require, no more.

const EMPTY_META = Object.freeze({
  deadline: null, label: null, metadata: Object.freeze([]), pendingTargets: Object.freeze([])
});
const EMPTY_DERIVED = Object.freeze({
  activePlayers: Object.freeze([]), control: null, controlMeta: EMPTY_META, selectors: Object.freeze({})
});

class InvalidGameDefinitionError extends Error {}

class InvalidJsonValueError extends Error {}

function assertJson(value) {
  if (value === null || typeof value === "boolean" || typeof value === "string") {
    return;
  }
  if (typeof value === "number" && Number.isFinite(value)) {
    return;
  }
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      assertJson(value[i]);
    }
    return;
  }
  const prototype = typeof value === "object" ? Object.getPrototypeOf(value) : undefined;
  if (prototype !== null && prototype !== Object.prototype) {
    throw new InvalidJsonValueError("not a JSON value: " + typeof value);
  }
  for (const key of Object.keys(value)) {
    assertJson(value[key]);
  }
}

function isJson(value) {
  try {
    assertJson(value);
    return true;
  } catch (invalid) {
    return false;
  }
}

function copy(value) {
  if (value === null || typeof value !== "object") {
    return value === 0 ? 0 : value;
  }
  if (Array.isArray(value)) {
    return value.map(copy);
  }
  const copied = {};
  for (const key of Object.keys(value)) {
    copied[key] = copy(value[key]);
  }
  return copied;
}

function freeze(value) {
  if (value !== null && typeof value === "object" && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const key of Object.keys(value)) {
      freeze(value[key]);
    }
  }
  return value;
}

function seedState(seed) {
  let hash = 2166136261;
  for (let i = 0; i < seed.length; i++) {
    hash = Math.imul(hash ^ seed.charCodeAt(i), 16777619);
  }
  return hash >>> 0;
}

function createRng(from) {
  let { draws, state } = from;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    draws += 1;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const int = (max) => Math.floor(next() * max);
  return {
    next,
    int,
    bool: (p = 0.5) => next() < p,
    pick: (list) => list[int(list.length)],
    dice: (count, sides) => {
      let sum = 0;
      for (let i = 0; i < count; i++) {
        sum += int(sides) + 1;
      }
      return sum;
    },
    snapshot: () => ({ draws, seed: from.seed, state })
  };
}

function pathOf(game, name) {
  const path = [];
  for (let at = name; at !== undefined && at !== null; at = game.states[at].parent) {
    path.unshift(at);
  }
  return path;
}

function resolved(value, ctx, fallback) {
  const found = typeof value === "function" ? value(ctx) : value;
  return found === undefined ? fallback : found;
}

function derive(game, G, position, match, now) {
  const state = game.states[position.name];
  const ctx = { G, position, derived: EMPTY_DERIVED, match, now };
  const pendingTargets = [];
  for (let i = position.path.length - 1; i >= 0; i--) {
    for (const transition of game.transitions) {
      if (transition.from === position.path[i] && !pendingTargets.includes(transition.to)) {
        pendingTargets.push(transition.to);
      }
    }
  }
  const selectors = {};
  for (const name of Object.keys(game.selectors ?? {})) {
    selectors[name] = game.selectors[name](ctx);
  }
  const derived = {
    activePlayers: state.activePlayers(ctx),
    control: state.control ? state.control(ctx) : null,
    controlMeta: {
      deadline: resolved(state.deadline, ctx, null),
      label: resolved(state.label, ctx, null),
      metadata: resolved(state.metadata, ctx, []),
      pendingTargets
    },
    selectors
  };
  assertJson(derived);
  return freeze(derived);
}

function snapshotOf(game, parts) {
  const { G, position, match, now, result, rng, log, seed } = parts;
  return {
    G,
    position,
    derived: derive(game, G, position, match, now),
    meta: { log, match, now, result, rng, seed }
  };
}

function normalised(game, given) {
  const match = copy(given);
  match.hostPlayerID ??= null;
  if (match.hostPlayerID !== null && !match.players.includes(match.hostPlayerID)) {
    throw new InvalidGameDefinitionError("invalid_host_player");
  }
  if (match.hostPlayerID !== null && match.players.length === 1) {
    throw new InvalidGameDefinitionError("single_player_host_set");
  }
  if (!game.config) {
    if (match.config !== undefined) {
      throw new InvalidGameDefinitionError("unexpected_config");
    }
  } else {
    const config = {};
    for (const key of Object.keys(game.config)) {
      config[key] = match.config?.[key] ?? game.config[key].default;
    }
    match.config = config;
  }
  if (game.profile) {
    const profiles = {};
    for (const player of match.players) {
      const profile = match.profiles?.[player] ?? copy(game.profile.default);
      profiles[player] = game.profile.parse ? game.profile.parse(profile) : profile;
    }
    match.profiles = profiles;
  }
  return freeze(match);
}

function createLocalSession(game, { initialNow = 0, match, seed = "default" }) {
  if (!game.states || !game.states[game.initial]) {
    throw new InvalidGameDefinitionError(game.states ? "initial_missing" : "no_states");
  }
  const seated = normalised(game, match);
  const G = game.setup({ match: seated, now: initialNow, seed });
  assertJson(G);
  return session(game, snapshotOf(game, {
    G: freeze(copy(G)),
    position: freeze({ name: game.initial, path: pathOf(game, game.initial), turn: 1 }),
    match: seated,
    now: initialNow,
    result: null,
    rng: { draws: 0, seed, state: seedState(seed) },
    log: [],
    seed
  }));
}

function createLocalSessionFromSnapshot(game, { snapshot }) {
  return session(game, freeze(copy(snapshot)));
}

function session(game, first) {
  let current = first;

  const contextOf = (snapshot) => ({
    G: snapshot.G,
    position: snapshot.position,
    derived: snapshot.derived,
    match: snapshot.meta.match,
    now: snapshot.meta.now
  });

  const fail = (error, rejection) => {
    const outcome = { ok: false, error };
    if (rejection?.reason !== undefined) {
      outcome.reason = rejection.reason;
    }
    if (rejection?.details !== undefined) {
      outcome.details = rejection.details;
    }
    return outcome;
  };

  const evaluate = (snapshot, transition, record) => {
    const rng = createRng(snapshot.meta.rng);
    const report = {
      from: transition.from,
      matched: true,
      rejectedBy: null,
      resolver: transition.label
        ?? (transition.resolve ? "resolver:" + (transition.resolve.name || "inline") : null),
      to: transition.to
    };
    if (!transition.resolve) {
      return { report, result: {}, rng, transition };
    }
    const { players } = snapshot.meta.match;
    const { turn } = snapshot.position;
    const index = (turn - 1) % players.length;
    const result = transition.resolve({
      ...contextOf(snapshot),
      actionID: record.actionID,
      event: { kind: record.event, payload: record.payload },
      playerID: record.playerID,
      rng,
      turn: { currentPlayer: players[index], index, players, turn }
    });
    const timeout = transition.kind === "timeout";
    if (result === false || result === null || result === undefined) {
      report.matched = timeout;
      report.rejectedBy = timeout ? null : "resolver";
      return { report, result: {}, rng, transition };
    }
    if (result.kind === "reject") {
      report.matched = false;
      report.rejectedBy = "reject";
      if (result.reason !== undefined) {
        report.reason = result.reason;
      }
      if (result.details !== undefined) {
        report.details = result.details;
      }
    }
    return { report, result, rng, transition };
  };

  const step = (snapshot, record, timeout) => {
    const evaluations = [];
    let rejection = null;
    const { path } = snapshot.position;
    for (let i = path.length - 1; i >= 0; i--) {
      const candidates = game.transitions.filter((each) => each.from === path[i]
        && (timeout ? each.kind === "timeout" : each.kind !== "timeout" && each.event === record.event));
      if (candidates.length === 0) {
        continue;
      }
      const tried = candidates.map((each) => evaluate(snapshot, each, record));
      const matched = tried.filter((each) => each.report.matched);
      evaluations.push({
        event: record.event,
        from: path[i],
        matchedTo: matched.length === 1 ? matched[0].transition.to : null,
        outcome: matched.length > 1 ? "ambiguous" : matched.length === 1 ? "selected" : "no_match",
        path: path.slice(0, i + 1),
        transitions: tried.map((each) => each.report)
      });
      if (matched.length > 1) {
        return fail("ambiguous_transition");
      }
      if (matched.length === 1) {
        return advance(snapshot, record, matched[0], evaluations, path.slice(0, i + 1));
      }
      rejection ??= tried.find((each) => each.report.rejectedBy === "reject")?.report ?? null;
    }
    return fail("invalid_event", rejection);
  };

  const advance = (snapshot, record, selected, evaluations, matchedFromPath) => {
    const { transition, result, rng } = selected;
    const enqueued = (result.enqueue ?? [])
      .map((each) => ({ kind: each.kind, payload: each.payload ?? null }));
    const known = enqueued.every((each) => Object.hasOwn(game.events, each.kind) && isJson(each.payload));
    if (!known || (result.G !== undefined && !isJson(result.G)) || !isJson(result.result ?? null)) {
      return fail("invalid_transition_result");
    }
    const before = snapshot.meta.rng;
    const after = rng.snapshot();
    const turn = result.turn ?? transition.turn ?? "preserve";
    const position = freeze({
      name: transition.to,
      path: pathOf(game, transition.to),
      turn: snapshot.position.turn + (turn === "increment" ? 1 : 0)
    });
    const next = snapshotOf(game, {
      G: result.G === undefined ? snapshot.G : freeze(copy(result.G)),
      position,
      match: snapshot.meta.match,
      now: record.at,
      result: "result" in result ? result.result ?? null : snapshot.meta.result,
      rng: after,
      log: snapshot.meta.log,
      seed: snapshot.meta.seed
    });
    const report = {
      enqueued,
      event: record.event,
      evaluations,
      from: snapshot.position.name,
      fromPath: snapshot.position.path,
      matchedFrom: transition.from,
      matchedFromPath,
      resolver: selected.report.resolver,
      rng: after.draws === before.draws
        ? null
        : { before: before.state, after: after.state, draws: after.draws - before.draws },
      to: transition.to,
      toPath: position.path,
      turn
    };
    const kind = record.type === "event" ? "action" : "internal";
    return { ok: true, enqueued, step: { event: record, kind, snapshot: next, transition: report } };
  };

  const batch = (record, timeout) => {
    let working = { ...current, meta: { ...current.meta, now: record.at } };
    const steps = [];
    const queue = [record];
    while (queue.length > 0) {
      const one = queue.shift();
      const outcome = step(working, one, timeout && steps.length === 0);
      if (!outcome.ok) {
        return outcome;
      }
      steps.push(outcome.step);
      working = outcome.step.snapshot;
      for (const event of outcome.enqueued) {
        queue.push({
          actionID: record.actionID,
          at: record.at,
          event: event.kind,
          payload: event.payload,
          playerID: null,
          turn: working.position.turn,
          type: "internal"
        });
      }
    }
    working.meta.log = [...working.meta.log, record];
    current = working;
    return { ok: true, batch: { snapshot: current, steps } };
  };

  const applyEventAt = (playerID, event, at, payload) => {
    if (current.meta.result !== null) {
      return fail("game_over");
    }
    if (!current.meta.match.players.includes(playerID)) {
      return fail("unknown_player");
    }
    if (!current.derived.activePlayers.includes(playerID)) {
      return fail("inactive_player");
    }
    if (!Object.hasOwn(game.events, event)) {
      return fail("unknown_event");
    }
    if (payload !== undefined && !isJson(payload)) {
      return fail("non_serializable_args");
    }
    return batch({
      actionID: "m_" + (current.meta.log.length + 1),
      at,
      event,
      payload: payload === undefined ? null : copy(payload),
      playerID,
      turn: current.position.turn,
      type: "event"
    }, false);
  };

  const fireTimeout = (now) => {
    const { deadline } = current.derived.controlMeta;
    const due = current.meta.result === null && deadline !== null && deadline <= now;
    if (!due || !game.transitions.some((each) => each.kind === "timeout"
        && current.position.path.includes(each.from))) {
      return null;
    }
    const outcome = batch({
      actionID: "m_" + (current.meta.log.length + 1),
      at: now,
      event: "__timeout",
      payload: null,
      playerID: null,
      turn: current.position.turn,
      type: "internal"
    }, true);
    return outcome.ok ? outcome : null;
  };

  return {
    applyEventAt,
    fireTimeout,
    applyEvent: (playerID, event, payload) => applyEventAt(playerID, event, Date.now(), payload),
    getNextDeadline: () => current.derived.controlMeta.deadline,
    getState: () => current,
    getResult: () => current.meta.result,
    getPublicView: () => game.views?.public ? game.views.public(contextOf(current)) : current.G,
    getPlayerView: (playerID) =>
      game.views?.player ? game.views.player(contextOf(current), playerID) : current.G
  };
}

const gamekit = {
  stay: (patch) => ({ kind: "stay", patch }),
  endTurn: (patch) => ({ kind: "endTurn", patch }),
  finish: (result, patch) => ({ kind: "finish", result, patch }),
  invalid: (reason, details) => ({ kind: "invalid", reason, details })
};

// Compiles a game with one phase to the transitions of the core (1.9).
function defineGame(authored) {
  const playerIDs = authored.playerIDs ?? Array.from({ length: authored.maxPlayers }, (_, i) => String(i));
  const own = (G) => {
    const { __gamekit, ...rest } = G;
    return rest;
  };
  const currentPlayer = ({ match, position }) => match.players[(position.turn - 1) % match.players.length];
  const authorContext = (ctx) => ({
    C: ctx.derived.selectors,
    G: own(ctx.G),
    match: ctx.match,
    now: ctx.now,
    phase: ctx.position.name,
    turn: { currentPlayer: currentPlayer(ctx), turn: ctx.position.turn }
  });
  const transitions = [];
  const events = {};
  const add = (event, label, to, turn, outcomeOf) =>
    transitions.push({ ...event, from: "play", to, label, turn, resolve: outcomeOf });
  const matched = (ctx, outcome, kind) => {
    if (outcome === null) {
      return null;
    }
    if (outcome.kind === "invalid") {
      return { kind: "reject", reason: outcome.reason, details: outcome.details };
    }
    if (outcome.kind !== kind) {
      return false;
    }
    const result = {
      G: { ...ctx.G, ...outcome.patch, __gamekit: { result: kind === "finish" ? outcome.result : null } }
    };
    if (kind === "finish") {
      result.result = outcome.result;
    }
    return result;
  };
  for (const name of Object.keys(authored.moves)) {
    events[name] = true;
    const run = (kind) => (ctx) => matched(ctx, authored.moves[name](
      { ...authorContext(ctx), rng: ctx.rng, move: gamekit, player: { id: ctx.playerID } },
      ctx.event.payload), kind);
    add({ event: name }, name + ":play:stay", "play", "preserve", run("stay"));
    add({ event: name }, name + ":play:end_turn", "play", "increment", run("endTurn"));
    add({ event: name }, name + ":play:finish", "__gamekit_finished", "increment", run("finish"));
  }
  if (authored.onTimeout) {
    events.__gamekit_phase_outcome = true;
    const outcome = { event: "__gamekit_phase_outcome" };
    const from = (kind) => (ctx) => matched(ctx, ctx.event.payload, kind);
    add(outcome, "__timeout:play:stay", "play", "preserve", from("stay"));
    add(outcome, "__timeout:play:end_turn", "play", "increment", from("endTurn"));
    add(outcome, "__timeout:play:finish", "__gamekit_finished", "increment", from("finish"));
    add({ kind: "timeout" }, "__timeout:play", "play", "preserve", (ctx) => {
      const decided = authored.onTimeout({ ...authorContext(ctx), rng: ctx.rng, move: gamekit });
      return decided === null
        ? null
        : { enqueue: [{ kind: "__gamekit_phase_outcome", payload: JSON.parse(JSON.stringify(decided)) }] };
    });
  }
  const selectors = {};
  for (const name of Object.keys(authored.computed ?? {})) {
    selectors[name] = (ctx) => authored.computed[name](authorContext(ctx));
  }
  selectors.currentPlayer = currentPlayer;
  const views = authored.views ?? {};
  const { deadline } = authored;
  return {
    playerIDs,
    minPlayers: authored.minPlayers ?? playerIDs.length,
    events,
    initial: "play",
    setup: (given) => ({ ...authored.setup(given), __gamekit: { result: null } }),
    states: {
      __gamekit_finished: { activePlayers: () => [], label: "Finished" },
      play: {
        activePlayers: (ctx) => [currentPlayer(ctx)],
        label: "play",
        deadline: deadline ? (ctx) => deadline(authorContext(ctx)) : null
      }
    },
    transitions,
    selectors,
    views: {
      public: (ctx) => (views.public ? views.public(authorContext(ctx)) : own(ctx.G)),
      player: (ctx, id) => (views.player ? views.player(authorContext(ctx), { id }) : own(ctx.G))
    },
    legalActions: authored.legalActions
      ? (ctx, id) => authored.legalActions(authorContext(ctx), id)
      : undefined,
    config: authored.config,
    profile: authored.profile,
    bots: authored.bots
  };
}
