// Helpers for the scripts: a player over HTTP, and taps that record every push of a channel.
import assert from "node:assert/strict";
import { Socket } from "phoenix";
import WebSocket from "ws";

const WITHIN_MS = 60_000;

/** Resolves with the first truthy result of a check, which runs again after each notify(). */
export class Waiter {
  #checks = new Set();

  notify() {
    for (const check of [...this.#checks]) check();
  }

  until(what, check) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#checks.delete(run);
        reject(new Error(`timed out waiting for ${what}`));
      }, WITHIN_MS);
      const run = () => {
        const result = check();
        if (result) {
          clearTimeout(timer);
          this.#checks.delete(run);
          resolve(result);
        }
      };
      this.#checks.add(run);
      run();
    });
  }
}

export async function request(base, method, path, body, token) {
  const answer = await fetch(base + path, {
    method,
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  const json = text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : text;
  return { status: answer.status, body: json };
}

/** A channel that records every push in order, as [event, payload]. */
export class Tap {
  pushes = [];
  closed = false;
  #waiter = new Waiter();

  constructor(socket, topic, params = {}) {
    this.channel = socket.channel(topic, params);
    this.channel.onMessage = (event, payload) => {
      if (!event.startsWith("phx_") && !event.startsWith("chan_")) {
        this.pushes.push([event, payload]);
        this.onPush?.(event, payload);
        this.#waiter.notify();
      }
      return payload;
    };
    this.channel.onClose(() => {
      this.closed = true;
      this.#waiter.notify();
    });
  }

  join() {
    return new Promise((resolve, reject) => {
      this.channel
        .join()
        .receive("ok", resolve)
        .receive("error", reject)
        .receive("timeout", () => reject(new Error("timeout")));
    });
  }

  /** The reason of a refused join. */
  async refused() {
    let reason;
    await assert.rejects(this.join(), (error) => {
      reason = error.reason;
      return true;
    });
    this.channel.leave();
    return reason;
  }

  push(event, payload) {
    return new Promise((resolve, reject) => {
      this.channel
        .push(event, payload)
        .receive("ok", (response) => resolve({ ok: response }))
        .receive("error", (response) => resolve({ error: response }))
        .receive("timeout", () => reject(new Error("timeout")));
    });
  }

  leave() {
    return new Promise((resolve) => this.channel.leave().receive("ok", resolve));
  }

  /** Takes the pushes up to and including the next one of this name, and returns its payload. */
  next(event) {
    return this.nextWhere(event, (name) => name === event);
  }

  async nextWhere(what, wanted) {
    const index = await this.#waiter.until(`${what} on ${this.channel.topic}`, () => {
      const found = this.pushes.findIndex(([name, payload]) => wanted(name, payload));
      return found >= 0 && found + 1;
    });
    const taken = this.pushes.splice(0, index);
    return { before: taken.slice(0, -1).map(([name]) => name), payload: taken.at(-1)[1] };
  }

  /** Returns the payload of the next push, which must have this name. */
  async only(event) {
    const { before, payload } = await this.next(event);
    assert.deepEqual(before, [], `before ${event} on ${this.channel.topic}`);
    return payload;
  }

  async end() {
    await this.#waiter.until(`the end of ${this.channel.topic}`, () => this.closed);
  }
}

/** A player with a device id of their own, using the npm client. */
export class Player {
  static async signIn(base, device) {
    const { status, body } = await request(base, "POST", "/api/v1/login/device", {
      device_id: device,
    });
    assert.equal(status, 200, JSON.stringify(body));
    return new Player(base, body.data.user_id, body.data.access_token);
  }

  constructor(base, id, token) {
    this.base = base;
    this.id = id;
    this.token = token;
  }

  connect() {
    this.socket = connect(this.base, { token: this.token });
    return this;
  }

  async joinUser() {
    this.user = new Tap(this.socket, `user:${this.id}`);
    assert.deepEqual(await this.user.join(), {});
    return this.user;
  }

  tap(topic) {
    return new Tap(this.socket, topic);
  }

  async call(method, path, body, expected = 200) {
    const answer = await request(this.base, method, `/api/v1${path}`, body, this.token);
    assert.equal(answer.status, expected, `${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}

export function connect(base, params) {
  const socket = new Socket(`${base.replace("http", "ws")}/socket`, {
    transport: WebSocket,
    params,
  });
  socket.connect();
  return socket;
}

/** Runs a script; an error is printed and makes the process fail. */
export async function run(script) {
  try {
    await script(...process.argv.slice(2));
    process.exit(0);
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
}
