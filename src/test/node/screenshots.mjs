// Takes the pictures of scripts/screenshots: signs the owner in, makes sample data, and opens each page.
import assert from "node:assert/strict";
import { join } from "node:path";
import { launch } from "./browser.mjs";
import { request, run } from "./client.mjs";

const SIZE = { width: 1280, height: 800 };
const PHONE = { width: 390, height: 780, isMobile: true, hasTouch: true };
const WITHIN_MS = 120_000;
const CHARTS_MS = 20_000;

run(async (base, executablePath, userDataDir, folder, ...only) => {
  const browser = await launch(executablePath, userDataDir);
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(WITHIN_MS);
    await page.setViewport(SIZE);
    await signIn(page, base);
    const token = await signInToApi(base);
    await makeSampleData(base, token);
    const first = async (path, key) => (await request(base, "GET", path, undefined, token)).body.data[0][key];
    const lobby = await first("/api/v1/lobbies", "id");
    const match = await first("/api/v1/admin/matches", "room_id");
    const player = await first("/api/v1/admin/users?page_size=1", "id");
    const pictures = [
      { name: "console-overview", path: "/admin", ready: ".charts svg path" },
      { name: "console-players", path: "/admin/users" },
      { name: "console-player", path: `/admin/users/${player}` },
      { name: "console-match", path: `/admin/matches/${match}` },
      { name: "console-stream", path: `/admin/streams?topic=lobby:${lobby}` },
      { name: "console-connect", path: "/admin/connect" },
      { name: "console-explorer", path: "/admin/explorer" },
      { name: "console-leaderboards", path: "/admin/leaderboards", scheme: "dark" },
      { name: "console-audit", path: "/admin/audit" },
      { name: "console-phone", path: "/admin", size: PHONE },
    ].filter(({ name }) => only.length === 0 || only.includes(name.replace("console-", "")));
    for (const picture of pictures) {
      await take(page, base, folder, picture);
    }
  } finally {
    await browser.close();
  }
});

async function signIn(page, base) {
  await page.goto(`${base}/users/log-in?return_to=/admin`);
  await page.type('input[name="user[email]"]', process.env.ROOKERY_OWNER_EMAIL);
  await page.type('input[name="user[password]"]', process.env.ROOKERY_OWNER_PASSWORD);
  await Promise.all([
    page.waitForNavigation(),
    page.$eval('input[name="user[password]"]', (field) => field.form.requestSubmit()),
  ]);
  await page.goto(`${base}/admin`);
  if (new URL(page.url()).pathname !== "/admin") {
    await Promise.all([page.waitForNavigation(), page.click('form[action="/admin/sign-in"] button')]);
  }
}

async function signInToApi(base) {
  const { body } = await request(base, "POST", "/api/v1/login", {
    email: process.env.ROOKERY_OWNER_EMAIL,
    password: process.env.ROOKERY_OWNER_PASSWORD,
  });
  return body.data.access_token;
}

async function makeSampleData(base, token) {
  const began = await request(base, "POST", "/api/v1/admin/sample_data", {}, token);
  assert.equal(began.status, 200, JSON.stringify(began.body));
  const end = Date.now() + WITHIN_MS;
  for (;;) {
    const { body } = await request(base, "GET", "/api/v1/admin/sample_data", undefined, token);
    process.stdout.write(`\rsample data: ${JSON.stringify(body.data)}`.slice(0, 100));
    if (body.data.state === "made") break;
    assert.ok(Date.now() < end, "the sample data takes too long");
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  process.stdout.write("\n");
}

async function take(page, base, folder, { name, path, size = SIZE, scheme = "light", ready }) {
  await page.setViewport(size);
  await page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: scheme },
    { name: "prefers-reduced-motion", value: "reduce" },
  ]);
  const answer = await page.goto(base + path, { waitUntil: "networkidle2" });
  assert.equal(answer.status(), 200, path);
  if (ready) {
    await page.waitForSelector(ready, { timeout: CHARTS_MS });
  }
  await page.screenshot({ path: join(folder, `${name}.png`), optimizeForSpeed: false });
  console.log(name);
}
