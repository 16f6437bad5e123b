package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Schemas of key-value entries in the console and in the API, on both databases. */
final class KvSchemaPagesTest {
  private static final String SCHEMA =
      """
      {"properties": {
         "gold": {"type": "integer", "title": "Pieces of gold", "minimum": 0},
         "mode": {"enum": ["day", "night"]},
         "open": {"type": "boolean"}},
       "required": ["gold"]}
      """;

  static Stream<Databases.TestDatabase> databases() {
    return Databases.locations();
  }

  @ParameterizedTest
  @MethodSource("databases")
  void checksEntriesByTheSchemaOfTheirKey(Databases.TestDatabase database) throws Exception {
    try (var node = TestNode.start(database, Map.of())) {
      ConsoleBrowser admin = ConsoleBrowser.signIn(node, "owner@example.com");
      RestPlayer owner = ConsoleBrowser.signInToApi(node, "owner@example.com");
      String entry = "/admin/kv/entry?key=season.rewards";
      put(owner, "season.rewards", "{\"gold\": 12345678901234567890, \"extra\": 1.0}");
      put(owner, "season.old", "{\"gold\": \"many\"}");

      String fresh = "/admin/kv/schemas/new";
      var refused = admin.submit(fresh, fresh, "pattern", "a*b", "schema", "{}");
      assertThat(refused.statusCode()).isEqualTo(422);
      assertThat(admin.submit(fresh, fresh, "pattern", "a", "schema", "oops").statusCode())
          .isEqualTo(422);
      var created =
          admin.submit(
              fresh,
              fresh,
              "pattern",
              "season.*",
              "schema",
              SCHEMA,
              "enforced",
              "true",
              "_has.enforced",
              "1");
      String page = created.headers().firstValue("location").orElseThrow().replaceAll("\\?.*", "");
      assertThat(admin.get(page + "?examine=yes").body())
          .contains("1 of 2 entries do not fit", "season.old", "/gold");
      assertThat(admin.get("/admin/kv/entry?key=season.old").body())
          .contains("What does not fit its schema", page);

      editsInTheForm(admin, owner, entry);
      refusesEverywhere(admin, owner);
      assertThat(admin.get("/admin/audit").body())
          .contains("admin_create_kv_schema", "admin_update_kv_entry");
      manages(owner);
    }
  }

  private static void put(RestPlayer owner, String key, String data) throws Exception {
    var body = JsonObject.of("key", key, "data", new JsonObject(data));
    assertThat(owner.send("PUT", "/api/v1/admin/kv", body).ok()).isTrue();
  }

  private static void editsInTheForm(ConsoleBrowser admin, RestPlayer owner, String entry)
      throws Exception {
    String form = entry.replace("entry", "form");
    assertThat(admin.get(form).body())
        .contains("Pieces of gold", "12345678901234567890", "<option value=\"night\"");
    assertThat(admin.submit(form, form, "p.gold", "x").body()).contains("is not a number");
    assertThat(admin.submit(form, form, "p.gold", "-1").body())
        .contains("does not fit the schema season.*: /gold");
    var saved = admin.submit(form, form, "p.mode", "night", "p.open", "true", "_has.p.open", "1");
    assertThat(saved.statusCode()).isEqualTo(303);
    assertThat(owner.get("/api/v1/kv/season.rewards").body().getJsonObject("data").encode())
        .isEqualTo(
            "{\"gold\":12345678901234567890,\"extra\":1.0,\"mode\":\"night\",\"open\":true}");
  }

  private static void refusesEverywhere(ConsoleBrowser admin, RestPlayer owner) throws Exception {
    String edit = "/admin/kv/edit?key=season.rewards";
    assertThat(admin.get(edit).body())
        .contains("data-check=\"/admin/kv/check?key=season.rewards\"", "-words\"><option");
    var problem = admin.submit(edit, edit, "value", "{\"gold\": 1, \"mode\": \"dawn\"}");
    assertThat(problem.statusCode()).isEqualTo(422);
    assertThat(problem.body()).contains("/mode: ");
    String diff = edit.replace("edit", "diff");
    assertThat(admin.submit(edit, diff, "value", "{\"gold\": 2, \"extra\": 1.0}").body())
        .contains("-   &quot;gold&quot; : 12345678901234567890", "+   &quot;gold&quot; : 2");
    assertThat(admin.submit(edit, "/admin/kv/check?key=season.x", "text", "{}").body())
        .contains("\"problems\":[{\"path\":\"\"");

    var body = JsonObject.of("key", "season.new", "data", JsonObject.of("gold", 1.5));
    var answer = owner.send("PUT", "/api/v1/admin/kv", body);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.body().encode()).contains("does not fit the schema season.*: /gold");
  }

  private static void manages(RestPlayer owner) throws Exception {
    String schemas = "/api/v1/admin/kv/schemas";
    JsonObject stored = owner.get(schemas).body().getJsonArray("data").getJsonObject(0);
    String one = schemas + "/" + stored.getLong("id");
    var change = JsonObject.of("pattern", "season.*", "schema", new JsonObject(), "revision", 1);
    assertThat(owner.send("PUT", one, change).ok()).isTrue();
    assertThat(owner.send("PUT", one, change).status()).isEqualTo(409);
    put(owner, "season.new", "{\"gold\": 1.5}");
    assertThat(owner.get(one + "/examination").body().getJsonObject("data").getInteger("unfit"))
        .isZero();
    assertThat(owner.send("DELETE", one, new JsonObject()).ok()).isTrue();
    assertThat(owner.get(one).status()).isEqualTo(404);
    var check = JsonObject.of("key", "season.new", "data", new JsonObject());
    assertThat(owner.send("POST", schemas + "/check", check).body().getJsonArray("data")).isEmpty();
  }
}
