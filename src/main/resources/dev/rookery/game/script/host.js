// Runs before the script of a game, in the same context, and gives the server what it calls.
// All values pass as texts, so that numbers and the order of keys are those of the script's engine.
(() => {
  "use strict";
  const { parse, stringify } = JSON;
  const refuse = (what, instead) => () => {
    throw new Error(what + " is not available to games: " + instead);
  };

  // Time is that of the action; randomness comes from the match alone.
  let now = 0;
  const RealDate = Date;
  const { UTC, parse: parseDate } = RealDate;
  function HostDate(...parts) {
    if (new.target === undefined) {
      return new RealDate(now).toString();
    }
    return Reflect.construct(RealDate, parts.length === 0 ? [now] : parts, new.target);
  }
  HostDate.prototype = RealDate.prototype;
  Object.defineProperty(RealDate.prototype, "constructor", { value: HostDate });
  Object.assign(HostDate, { UTC, parse: parseDate, now: () => now });
  const define = (name, value) =>
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  define("Date", HostDate);
  Math.random = refuse("Math.random", "use the rng of the context");
  for (const name of ["WeakRef", "FinalizationRegistry", "SharedArrayBuffer", "Atomics", "Temporal"]) {
    delete globalThis[name];
  }
  const silent = () => undefined;
  define("console", { log: silent, debug: silent, info: silent, warn: silent, error: silent,
    trace: silent, assert: silent });

  // Plain data only, which is all that games may keep.
  const clone = (value, seen) => {
    if (typeof value === "function" || typeof value === "symbol") {
      throw new Error("structuredClone: a " + typeof value + " cannot be cloned");
    }
    if (value === null || typeof value !== "object") {
      return value;
    }
    if (seen.has(value)) {
      return seen.get(value);
    }
    if (value instanceof RealDate) {
      return new RealDate(value.getTime());
    }
    if (value instanceof Map) {
      const copy = new Map();
      seen.set(value, copy);
      value.forEach((each, key) => copy.set(clone(key, seen), clone(each, seen)));
      return copy;
    }
    if (value instanceof Set) {
      const copy = new Set();
      seen.set(value, copy);
      value.forEach((each) => copy.add(clone(each, seen)));
      return copy;
    }
    const copy = Array.isArray(value) ? new Array(value.length) : {};
    seen.set(value, copy);
    for (const key of Object.keys(value)) {
      copy[key] = clone(value[key], seen);
    }
    return copy;
  };
  define("structuredClone", (value) => clone(value, new Map()));

  // Stands for an action that is not needed any more: the number of records names the next one.
  const PAST = Object.freeze({
    actionID: "m_0", at: 0, event: "", payload: null, playerID: null, turn: 1, type: "internal"
  });
  const sessions = new Map();

  const text = (value) => {
    const written = stringify(value);
    if (written === undefined) {
      throw new Error("not a JSON value: " + typeof value);
    }
    return written;
  };

  // The random numbers of section 1.8, for bots.
  const createRng = (seed) => {
    let state = 2166136261;
    let draws = 0;
    for (let i = 0; i < seed.length; i++) {
      state = Math.imul(state ^ seed.charCodeAt(i), 16777619);
    }
    state >>>= 0;
    const next = () => {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      draws += 1;
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
    };
    const positive = (value) => {
      if (!Number.isInteger(value) || value < 1) {
        throw new RangeError("not a positive integer: " + value);
      }
      return value;
    };
    const int = (max) => {
      positive(max);
      return Math.floor(next() * max);
    };
    const die = (sides) => int(sides) + 1;
    const dice = (count, sides) => {
      positive(count);
      positive(sides);
      let sum = 0;
      for (let i = 0; i < count; i++) {
        sum += die(sides);
      }
      return sum;
    };
    const two = (choose) => () => {
      const first = die(20);
      return choose(first, die(20));
    };
    const rng = {
      next, int, dice,
      bool: (p = 0.5) => {
        if (!(p >= 0 && p <= 1)) {
          throw new RangeError("not a probability: " + p);
        }
        return next() < p;
      },
      pick: (list) => {
        positive(list.length);
        return list[int(list.length)];
      },
      advantage: two(Math.max),
      disadvantage: two(Math.min),
      snapshot: () => ({ draws, seed, state })
    };
    for (const sides of [4, 6, 8, 10, 12, 20, 100]) {
      rng["d" + sides] = () => die(sides);
    }
    return rng;
  };

  const api = () => {
    const given = globalThis.openturn;
    if (given === null || typeof given !== "object") {
      throw new Error("the script does not set globalThis.openturn");
    }
    for (const name of ["createLocalSession", "createLocalSessionFromSnapshot"]) {
      if (typeof given[name] !== "function") {
        throw new Error("globalThis.openturn." + name + " is not a function");
      }
    }
    const { game } = given;
    if (game === null || typeof game !== "object" || !Array.isArray(game.playerIDs)) {
      throw new Error("globalThis.openturn.game is not a game: it has no playerIDs");
    }
    return given;
  };

  const withLog = (state, length) => {
    const kept = Math.min(length, state.meta.log.length);
    const log = new Array(length).fill(PAST);
    for (let i = 0; i < kept && state.meta.log.length === length; i++) {
      log[i] = state.meta.log[i];
    }
    return { ...state, meta: { ...state.meta, log } };
  };

  const fromSnapshot = (setup, snapshot) => {
    const { initialNow, match, seed } = setup;
    const { game, createLocalSessionFromSnapshot } = api();
    return createLocalSessionFromSnapshot(
      game, { initialNow, match, seed, snapshot, skipValidation: true });
  };

  const require = (key) => {
    const found = sessions.get(key);
    if (found === undefined) {
      throw new Error("no session " + key);
    }
    return found;
  };

  const shown = (session, state, players) => {
    const { derived, position, meta } = state;
    const parts = [
      text(derived),
      text({ node: position.name, path: position.path, turn: position.turn }),
      text(meta.result),
      text(session.getPublicView())
    ];
    for (const player of players) {
      parts.push(text(session.getPlayerView(player)));
    }
    return parts;
  };

  const current = (key, held) => {
    sessions.set(key, held);
    return shown(held.session, held.session.getState(), held.setup.match.players).join("\n");
  };

  const rejected = (outcome) => {
    const failure = typeof outcome.error === "object" && outcome.error !== null
      ? outcome.error
      : { ...outcome, code: outcome.error ?? outcome.reason };
    const error = failure.code ?? failure.error;
    const { reason, details } = outcome.reason === error ? {} : { ...failure, ...outcome };
    return ["-", String(error), typeof reason === "string" ? text(reason) : "",
      details === undefined ? "" : text(details)].join("\n");
  };

  // How an action or a timeout ended: a sign, then the parts of each step, one a line.
  const outcomeOf = (held, outcome) => {
    if (outcome.ok === false || outcome.error !== undefined) {
      return rejected(outcome);
    }
    const { steps } = outcome.batch ?? outcome;
    const parts = ["+", String(steps.length), ""];
    const delta = {};
    steps.forEach((step, index) => {
      const { profile, ...transition } = step.transition;
      // Views of a step that others follow are those of a session at that step.
      const session = index === steps.length - 1
        ? held.session
        : fromSnapshot(held.setup, step.snapshot);
      for (const player of Object.keys(profile ?? {})) {
        delta[player] = [...(delta[player] ?? []), ...profile[player]];
      }
      parts.push(text(step.event), step.kind, text(transition));
      parts.push(...shown(session, step.snapshot, held.setup.match.players));
    });
    parts[2] = Object.keys(delta).length === 0 ? "" : text(delta);
    return parts.join("\n");
  };

  // Keeps the number of records that name actions, of which only the number is known.
  const prepare = (key, number, at) => {
    const held = require(key);
    now = at;
    const state = held.session.getState();
    if (state.meta.log.length !== number - 1) {
      held.session = fromSnapshot(held.setup, withLog(state, number - 1));
    }
    return held;
  };

  const applied = ({ session }, playerID, event, at, payloadText) => {
    const payload = parse(payloadText);
    return payload === null
      ? session.applyEventAt(playerID, event, at)
      : session.applyEventAt(playerID, event, at, payload);
  };

  const contextOf = ({ G, position, derived, meta }) =>
    ({ G, position, derived, match: meta.match, now: meta.now });

  const simulate = (held, state, playerID, action) => {
    const session = fromSnapshot(held.setup, state);
    const outcome = session.applyEventAt(
      playerID, action.event, state.meta.now, action.payload ?? undefined);
    if (outcome.ok === false || outcome.error !== undefined) {
      return { ok: false, reason: outcome.error?.code ?? outcome.error ?? outcome.reason };
    }
    const next = session.getState();
    const ended = next.position.turn !== state.position.turn ? "endTurn" : "stay";
    return { ok: true, outcome: next.meta.result !== null ? "finish" : ended, next };
  };

  const list = (player, op, path, value) => ({
    [player]: [value === undefined
      ? { op, path: [path].flat() }
      : { op, path: [path].flat(), value }]
  });
  const profileHelper = {
    set: (player, path, value) => list(player, "set", path, value),
    inc: (player, path, value = 1) => list(player, "inc", path, value),
    push: (player, path, value) => list(player, "push", path, value),
    remove: (player, path) => list(player, "remove", path),
    update: (...maps) => {
      const all = {};
      for (const map of maps) {
        for (const player of Object.keys(map)) {
          all[player] = [...(all[player] ?? []), ...map[player]];
        }
      }
      return all;
    }
  };

  // What a bot decided: its promise has settled when the call that asked it has returned.
  let decision = null;

  return {
    describe: () => {
      const { game } = api();
      return text({
        playerIDs: game.playerIDs,
        minPlayers: game.minPlayers ?? game.playerIDs.length,
        bots: (game.bots?.entries ?? []).map(({ botID, label, description, difficulty }) =>
          ({ botID, label, description, difficulty })),
        config: Object.entries(game.config ?? {}).map(([key, { format, ...field }]) =>
          ({ ...field, key })),
        profile: game.profile
          ? { schemaVersion: game.profile.schemaVersion, initial: game.profile.default }
          : undefined
      });
    },

    start: (key, setupText) => {
      const setup = parse(setupText);
      now = setup.initialNow;
      const { game, createLocalSession } = api();
      const session = createLocalSession(
        game, { initialNow: setup.initialNow, match: setup.match, seed: setup.seed });
      return current(key, { session, setup });
    },

    restore: (key, setupText, stateText) => {
      const setup = parse(setupText);
      const state = parse(stateText);
      now = state.meta.now;
      return current(key, { session: fromSnapshot(setup, state), setup });
    },

    apply: (key, number, playerID, event, at, payloadText) => {
      const held = prepare(key, number, at);
      return event.startsWith("__")
        ? "-\nunknown_event\n\n"
        : outcomeOf(held, applied(held, playerID, event, at, payloadText));
    },

    fireTimeout: (key, number, at) => {
      const held = prepare(key, number, at);
      const outcome = held.session.fireTimeout(at);
      return outcome === null || outcome === undefined || outcome.ok === false
        ? ""
        : outcomeOf(held, outcome);
    },

    // What has been accepted before, and is only needed for the state after it.
    repeat: (key, number, playerID, event, at, payloadText) => {
      applied(prepare(key, number, at), playerID, event, at, payloadText);
      return "";
    },

    repeatTimeout: (key, number, at) => {
      prepare(key, number, at).session.fireTimeout(at);
      return "";
    },

    ask: (key, playerID, botID) => {
      const held = require(key);
      const state = held.session.getState();
      now = state.meta.now;
      const { game } = api();
      const { bot } = (game.bots?.entries ?? []).find((each) => each.botID === botID) ?? {};
      if (bot === undefined) {
        throw new Error("no bot " + botID);
      }
      const { rng } = state.meta;
      const view = held.session.getPlayerView(playerID);
      const snapshot = state;
      const legalActions = game.legalActions
        ? game.legalActions(contextOf(state), playerID)
        : bot.enumerate?.({ view, snapshot, playerID }) ?? [];
      const budget = bot.thinkingBudgetMs ?? 5000;
      const asked = { value: null, error: null };
      decision = asked;
      Promise.resolve(bot.decide({
        playerID, view, snapshot, legalActions,
        rng: createRng(["bot", bot.name, playerID, state.position.turn, rng.seed, rng.draws, rng.state]
          .join(":")),
        deadline: { remainingMs: () => budget, expired: () => false },
        signal: { aborted: false, addEventListener: silent, removeEventListener: silent },
        simulate: (action) => simulate(held, state, playerID, action)
      })).then((value) => {
        if (value?.event !== undefined) {
          const delay = Math.floor(bot.actionDelayMs ?? 0);
          asked.value = [value.event, String(delay > 0 ? delay : 0), text(value.payload ?? null)]
            .join("\n");
        }
      }).catch((error) => {
        asked.error = error ?? new Error("the bot failed");
      });
      return "";
    },

    decided: () => {
      const { value, error } = decision;
      decision = null;
      if (error !== null) {
        throw error;
      }
      return value ?? "";
    },

    settlement: (key) => {
      const { meta } = require(key).session.getState();
      const { game } = api();
      if (!game.profile?.commit) {
        return "{}";
      }
      const { match, result } = meta;
      const all = game.profile.commit({
        match, profile: profileHelper, profiles: match.profiles, result
      }) ?? {};
      const seated = {};
      for (const player of match.players) {
        if (all[player] !== undefined) {
          seated[player] = all[player];
        }
      }
      return text(seated);
    },

    state: (key) => {
      const { G, position, derived, meta } = require(key).session.getState();
      return text({ G, position, derived, meta: { ...meta, log: [] } });
    },

    drop: (key) => {
      sessions.delete(key);
    }
  };
})()
