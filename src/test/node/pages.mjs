// The account pages in a real browser: a player registers, confirms the email address, changes the settings,
// ends a session, and deletes the account. Every page is checked in light and dark mode, on a desktop and on
// a phone, and with the keyboard.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { checkLayout, launch, open } from "./browser.mjs";
import { run } from "./client.mjs";

const EMAIL = "ann@example.com";
const FIRST = "correct horse";
const SECOND = "battery staple";

run(async (base, executablePath, userDataDir, emailFolder) => {
  const browser = await launch(executablePath, userDataDir);
  try {
    const problems = [];
    const page = await open(browser, `${base}/users/register`, problems);
    await checkLayout(page);
    await fill(page, "/users/register", { email: EMAIL, display_name: "Ann", password: FIRST, password_confirmation: FIRST });
    await says(page, "Look into your mail");

    await page.goto(await emailLink(emailFolder, "confirm"));
    await checkLayout(page);
    await fill(page, "/users/log-in", {});
    await says(page, "Your address is confirmed");
    assert.equal(await page.$eval("#display-name", (input) => input.value), "Ann");
    await checkLayout(page);

    const window = await browser.createBrowserContext();
    const other = await open(window, `${base}/users/settings`, problems);
    assert.equal(new URL(other.url()).pathname, "/users/log-in");
    await checkLayout(other);
    await fill(other, "/users/log-in", { email: EMAIL, password: FIRST, remember_me: true });
    assert.equal(new URL(other.url()).pathname, "/users/settings");

    await page.reload();
    assert.equal((await page.$$('[name="session"]')).length, 2);
    await fill(page, "/users/settings/sessions", {});
    await says(page, "The session is ended.");
    await other.reload();
    assert.equal(new URL(other.url()).pathname, "/users/log-in");

    await fill(page, "/users/settings/profile", { display_name: "Ann <the second>" });
    await says(page, "Your name is saved.");
    await fill(page, "/users/update-password", {
      current_password: FIRST,
      password: SECOND,
      password_confirmation: SECOND,
    });
    await says(page, "Your password is set");
    await fill(page, "/users/log-out", {});
    await says(page, "You are signed out.");

    // Requests a password reset email, and sets a new password.
    await page.goto(`${base}/users/reset-password`);
    await checkLayout(page);
    await fill(page, "/users/reset-password", { email: EMAIL });
    await says(page, "a letter with a link is on its way");
    await page.goto(await emailLink(emailFolder, "reset"));
    await checkLayout(page);
    await fill(page, "/users/reset-password", { password: FIRST, password_confirmation: FIRST });
    await says(page, "Your password is set");
    assert.equal(await page.$eval("#display-name", (input) => input.value), "Ann <the second>");

    for (const about of ["/privacy", "/terms", "/data-deletion"]) {
      await page.goto(base + about);
      await checkLayout(page);
    }
    await page.goto(`${base}/users/settings`);
    await Promise.all([page.waitForNavigation(), page.click('a[href="/users/settings/delete"]')]);
    await checkLayout(page);
    await page.click('[name="sure"]');
    await fill(page, "/users/settings/delete", {});
    await says(page, "Your account is deleted.");
    assert.deepEqual(
      (await browser.cookies()).filter((cookie) => cookie.name.includes("session")),
      [],
    );
    assert.deepEqual(problems, []);

    // A refusal is a page with the same layout.
    await fill(page, "/users/log-in", { email: EMAIL, password: FIRST });
    assert.match(await page.$eval('[role="alert"]', (told) => told.textContent), /do not go together/);
    await checkLayout(page);
  } finally {
    await browser.close();
  }
});

/** Fills in the fields of the form with this action, and submits it. */
async function fill(page, action, fields) {
  const form = await page.$(`form[action="${action}"]`);
  for (const [name, value] of Object.entries(fields)) {
    const input = await form.$(`[name="user[${name}]"]`);
    if (value === true) {
      await input.click();
    } else {
      await input.evaluate((field) => (field.value = ""));
      await input.type(value);
    }
  }
  await Promise.all([page.waitForNavigation(), form.$eval("button", (button) => button.click())]);
}

async function says(page, expected) {
  const notice = await page.$eval('[role="status"]', (status) => status.textContent);
  assert.ok(notice.includes(expected), `${page.url()} shows ${notice}`);
}

/** Returns the link from an email, as soon as it has arrived. */
async function emailLink(folder, name) {
  const file = join(folder, name);
  for (;;) {
    if (existsSync(file)) {
      return readFileSync(file, "utf8");
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
}
