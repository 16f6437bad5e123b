package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.console.RoleTemplate;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A node with its owner, who uses the console in a browser, and the API. */
record ConsoleSite(
    Databases.TestDatabase stored, TestNode node, ConsoleBrowser admin, RestPlayer owner) {
  private static final String OWNER = "owner@example.com";

  static ConsoleSite start(Databases.TestDatabase database, Map<String, String> settings) {
    TestNode node = TestNode.start(database, settings);
    ConsoleBrowser admin = ConsoleBrowser.signIn(node, OWNER);
    RestPlayer owner = ConsoleBrowser.signInToApi(node, OWNER);
    return new ConsoleSite(database, node, admin, owner);
  }

  /** Starts one for each database. */
  static List<ConsoleSite> startAll(Map<String, String> settings) {
    return Databases.locations().map(database -> start(database, settings)).toList();
  }

  @Override
  public String toString() {
    return stored.kind();
  }

  /** JUnit closes arguments that can be closed after their first test, so this one cannot. */
  void stop() {
    node.close();
  }

  /** The player of a device, who has no name. */
  RestPlayer player(String device) throws Exception {
    return RestPlayer.signIn(TestNode.client(), node.uri(""), device);
  }

  /** A player who has the name of their device. */
  RestPlayer namedPlayer(String name) throws Exception {
    return namedPlayer(name, name);
  }

  RestPlayer namedPlayer(String device, String name) throws Exception {
    RestPlayer player = player(device);
    var body = JsonObject.of("display_name", name);
    assertThat(player.send("PATCH", "/api/v1/me/display_name", body).ok()).isTrue();
    return player;
  }

  /** Players whose names begin with this, with a number from 0. */
  List<RestPlayer> namedPlayers(String prefix, int count) throws Exception {
    var players = new ArrayList<RestPlayer>();
    for (int i = 0; i < count; i++) {
      players.add(namedPlayer(prefix + i));
    }
    return players;
  }

  /** A browser with the console, whose player has got the role from the owner. */
  ConsoleBrowser withRole(RoleTemplate role) {
    var browser = new ConsoleBrowser(node);
    grant(role, browser);
    return browser.openConsole();
  }

  /** Registers a player with the browser, has the owner give them the role, and signs in. */
  RestPlayer grant(RoleTemplate role, ConsoleBrowser browser) {
    String email = role.name() + System.nanoTime() + "@example.com";
    browser.register(email);
    RestPlayer player = ConsoleBrowser.signInToApi(node, email);
    try {
      String path = "/api/v1/admin/admins/" + player.id();
      assertThat(owner.send("PUT", path, JsonObject.of("role", role.name())).ok()).isTrue();
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
    return player;
  }

  /** The entries of the audit log with this action, as JSON. */
  String audited(String action) {
    try {
      return owner.get("/api/v1/admin/audit?action=" + action).body().encode();
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  /** Stores a key-value entry that belongs to no player. */
  void putEntry(String key, String value) {
    String entry = JsonObject.of("key", key, "value", JsonObject.of("v", value)).encode();
    HttpResponse<String> put =
        node.send(
            "POST", "/api/v1/admin/kv/entries", entry, "authorization", "Bearer " + owner.token());
    assertThat(put.statusCode()).as(put.body()).isBetween(200, 201);
  }

  /** The body of a request that sends a notification. */
  JsonObject notification(RestPlayer to, String title) {
    return JsonObject.of(
        "sender_id", owner.id(), "recipient_id", to.id(), "title", title, "content", "c");
  }

  static long id(RestPlayer.Response created) {
    assertThat(created.ok()).as(created.toString()).isTrue();
    JsonObject body = created.body();
    return body.containsKey("id") ? body.getLong("id") : body.getJsonObject("data").getLong("id");
  }

  /** Where a form that was done leads to. */
  static String location(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
    return answer.headers().firstValue("location").orElseThrow();
  }

  /** What a pattern finds: its first group, or the whole if it has none. */
  static List<String> findAll(String text, String pattern) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(found -> found.groupCount() == 0 ? found.group() : found.group(1))
        .toList();
  }
}
