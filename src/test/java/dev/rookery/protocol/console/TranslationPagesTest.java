package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Databases;
import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Editing texts, by the console and by the API, on both databases. */
final class TranslationPagesTest {
  static Stream<Databases.TestDatabase> databases() {
    return Databases.locations();
  }

  @ParameterizedTest
  @MethodSource("databases")
  void editsTextsWhereTheyAreShown(Databases.TestDatabase database) throws Exception {
    try (var node = TestNode.start(database, Map.of())) {
      ConsoleBrowser admin = ConsoleBrowser.signIn(node, "owner@example.com");
      RestPlayer owner = ConsoleBrowser.signInToApi(node, "owner@example.com");

      assertThat(admin.get("/admin/translations").body())
          .contains("Deutsch", "العربية", "100 % (", "/admin/translations/pt-BR");
      String id = id(owner, "de", "Forgot your password?");
      String page = "/admin/translations/de/" + id;
      assertThat(admin.get("/admin/translations/de?q=domain:pages+forgot").body())
          .contains("Passwort vergessen?", page);

      editAndReset(node, admin, page);
      refusesWhatIsWrong(owner);
      keepsPlurals(node, owner);
      assertThat(admin.get("/admin/audit").body()).contains("admin_edit_translation", id);
      assertThat(owner.get("/api/v1/admin/translations/xx").status()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @MethodSource("databases")
  void answersEachEditWithItsOwnForms(Databases.TestDatabase database) throws Exception {
    try (var node = TestNode.start(database, Map.of());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      ConsoleBrowser.signIn(node, "owner@example.com");
      RestPlayer owner = ConsoleBrowser.signInToApi(node, "owner@example.com");
      String path = "/api/v1/admin/translations/de/" + id(owner, "de", "Forgot your password?");
      var answers = new LinkedHashMap<String, Future<JsonObject>>();
      for (int i = 0; i < 20; i++) {
        String form = "Passwort " + i + "?";
        var edit = JsonObject.of("forms", new JsonArray().add(form));
        answers.put(
            form, threads.submit(() -> owner.send("PUT", path, edit).body().getJsonObject("data")));
      }

      var revisions = new HashSet<Long>();
      for (var answer : answers.entrySet()) {
        JsonObject data = answer.getValue().get(60, TimeUnit.SECONDS);
        assertThat(data.getJsonArray("edited")).containsExactly(answer.getKey());
        revisions.add(data.getLong("revision"));
      }
      assertThat(revisions).hasSize(answers.size());
    }
  }

  private static void editAndReset(TestNode node, ConsoleBrowser admin, String page) {
    String signIn = "/de/users/log-in";
    assertThat(node.get(signIn).body()).contains("Passwort vergessen?");
    var saved = admin.submit(page, page, "form_0", "Passwort <weg>?");
    assertThat(saved.headers().firstValue("location")).contains(page + "?done=text-saved");
    Eventually.holds(() -> node.get(signIn).body().contains("Passwort &lt;weg&gt;?"));
    assertThat(admin.get("/admin/translations/de?q=is:edited").body()).contains(page);
    assertThat(admin.get("/admin/translations/de/catalogue").body())
        .contains("\"Plural-Forms: nplurals=2; plural=n != 1;\\n\"", "msgstr \"Passwort <weg>?\"");

    var empty = admin.submit(page, page, "form_0", " ");
    assertThat(empty.statusCode()).isEqualTo(422);

    admin.submit(page, page + "/reset", "_confirmed", "yes");
    Eventually.holds(() -> node.get(signIn).body().contains("Passwort vergessen?"));
  }

  private static void refusesWhatIsWrong(RestPlayer owner) throws Exception {
    String path = "/api/v1/admin/translations/fr/" + id(owner, "fr", "Sign in with {provider}");
    for (var forms :
        List.of(
            new JsonArray().add("Sans fournisseur"),
            new JsonArray().add("{provider} {autre}"),
            new JsonArray().add("{provider}").add("{provider}"),
            new JsonArray(),
            new JsonArray().add("{provider}\u0007"),
            new JsonArray().add("{provider}\nBcc: somebody@example.com"))) {
      var refused = owner.send("PUT", path, JsonObject.of("forms", forms));
      assertThat(refused.status()).as(forms.encode()).isEqualTo(422);
    }
    var edit = JsonObject.of("forms", new JsonArray().add("Via {provider}"), "revision", 0);
    assertThat(owner.send("PUT", path, edit).body().getJsonObject("data").getString("status"))
        .isEqualTo("edited");
    assertThat(owner.send("PUT", path, edit).status()).isEqualTo(409);
    assertThat(owner.get(path).body().getJsonObject("data").getJsonArray("edited"))
        .containsExactly("Via {provider}");
    assertThat(
            owner
                .send("DELETE", path, new JsonObject())
                .body()
                .getJsonObject("data")
                .getString("status"))
        .isEqualTo("translated");
  }

  private static void keepsPlurals(TestNode node, RestPlayer owner) throws Exception {
    String path = "/api/v1/admin/translations/en/" + id(owner, "en", "At least {count} character.");
    var forms = new JsonArray().add("One or more.").add("{count} or more.");
    assertThat(owner.send("PUT", path, JsonObject.of("forms", forms)).ok()).isTrue();
    Eventually.holds(() -> node.get("/users/register").body().contains("8 or more."));
  }

  private static String id(RestPlayer owner, String language, String text) throws Exception {
    JsonArray found =
        owner
            .get("/api/v1/admin/translations/" + language + "?page_size=100&q=" + word(text))
            .body()
            .getJsonArray("data");
    return found.stream()
        .map(JsonObject.class::cast)
        .filter(one -> one.getString("text").equals(text))
        .map(one -> one.getString("id"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(found.encode()));
  }

  private static String word(String text) {
    return text.substring(0, text.indexOf(' ', text.indexOf(' ') + 1)).replace(" ", "%20");
  }
}
