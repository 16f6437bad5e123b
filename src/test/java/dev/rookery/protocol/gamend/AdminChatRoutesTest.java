package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.protocol.gamend.TestApi.Response;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.PhoenixClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests the moderation of chat by admins over HTTP. */
@ParameterizedClass
@MethodSource("dev.rookery.testkit.Databases#locations")
final class AdminChatRoutesTest {
  private static final String MESSAGES = "/api/v1/chat/messages";
  private static final String ADMIN = "/api/v1/admin/chat";
  private static final String NOT_FOUND = "404 {\"error\":\"not_found\"}";

  private static TestApi api;

  /** The first player, who is an admin outside production. */
  private static Guest admin;

  // JUnit passes the database to the constructor as well.
  AdminChatRoutesTest(Databases.TestDatabase database) {}

  @BeforeParameterizedClassInvocation
  static void start(Databases.TestDatabase database) {
    api = TestApi.start(database);
    admin = api.guest();
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    api.close();
  }

  @Test
  void findsMessagesByEachFilter() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    befriend(ann, bob);
    long lobby = ann.createLobby("{}");
    ann.post(MESSAGES, message("lobby", lobby, "Hello 100%_!"));
    ann.post(MESSAGES, message("friend", bob.id(), "psst"));
    bob.post(MESSAGES, message("friend", ann.id(), "what"));
    String ofAnn = "?sender_id=" + ann.id();

    assertThat(contents(ofAnn)).containsExactly("psst", "Hello 100%_!");
    assertThat(contents(ofAnn + "&sort_by=inserted_at_asc"))
        .containsExactly("Hello 100%_!", "psst");
    assertThat(contents(ofAnn + "&chat_type=friend")).containsExactly("psst");
    assertThat(contents("?chat_ref_id=" + bob.id() + "&chat_type=friend")).containsExactly("psst");
    assertThat(contents("?chat_ref_id=" + ann.id() + "&sender_id=" + bob.id()))
        .containsExactly("what");
    assertThat(contents("?chat_ref_id=" + lobby + "&chat_type=lobby"))
        .containsExactly("Hello 100%_!");
    assertThat(contents(ofAnn + "&content=" + encoded("hELLO 100%_!")))
        .containsExactly("Hello 100%_!");
    assertThat(contents(ofAnn + "&content=" + encoded("%s"))).isEmpty();
    assertThat(contents(ofAnn + "&page=2&page_size=1")).containsExactly("Hello 100%_!");
    // Counted also where the page is behind the last one.
    for (String search : List.of("", "&content=s", "&chat_type=friend")) {
      JsonObject meta =
          admin.get(ADMIN + ofAnn + search + "&page=3&page_size=1").body().getJsonObject("meta");
      assertThat(meta.getInteger("total_count")).as(search).isEqualTo(search.isEmpty() ? 2 : 1);
    }
    assertThat(contents("?sort_by=x")).startsWith("what", "psst");
    for (String none :
        List.of("?sender_id=x", "?chat_ref_id=x", "?chat_type=guild", "?sender_id=999999")) {
      JsonObject page = admin.get(ADMIN + none).body();
      assertThat(page.getJsonArray("data")).as(none).isEmpty();
      assertThat(page.getJsonObject("meta").getInteger("total_count")).isZero();
    }
  }

  @Test
  void showsTheAddressOfTheSender() {
    Response registered =
        api.post(
            "/api/v1/register",
            "{\"email\":\"moderated@example.com\",\"password\":\"correct horse 7\"}");
    Guest ann =
        new Guest(
            api,
            registered.data().getLong("user_id"),
            registered.data().getString("access_token"),
            "");
    Guest bob = api.guest();
    for (Guest guest : List.of(ann, bob)) {
      guest.post(MESSAGES, message("lobby", guest.createLobby("{}"), "hi"));
    }
    assertThat(find("?sender_id=" + ann.id()).getString("sender_email"))
        .isEqualTo("moderated@example.com");
    JsonObject without = find("?sender_id=" + bob.id());
    assertThat(without.containsKey("sender_email")).isTrue();
    assertThat(without.getString("sender_email")).isNull();
  }

  @Test
  void deletesAMessage() {
    Guest ann = api.guest();
    long lobby = ann.createLobby("{}");
    long id = ann.post(MESSAGES, message("lobby", lobby, "x")).body().getLong("id");
    assertThat(admin.delete(ADMIN + "/" + id).toString()).isEqualTo("200 {}");
    assertThat(ann.get(MESSAGES + "/" + id).toString()).isEqualTo(NOT_FOUND);
    for (Object unknown : List.of(id, "x", 0, -1)) {
      assertThat(admin.delete(ADMIN + "/" + unknown).toString()).isEqualTo(NOT_FOUND);
    }
  }

  private static final String REPORT = "{\"reason\":\"spam\",\"text\":\"look\"}";

  @Test
  void groupsReportsByMessageAndDeletesIt() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    Guest eve = api.guest();
    long lobby = ann.createLobby("{}");
    bob.post("/api/v1/lobbies/" + lobby + "/join", "{}");
    long before = ann.post(MESSAGES, message("lobby", lobby, "hello")).body().getLong("id");
    long id = ann.post(MESSAGES, message("lobby", lobby, "buy gold")).body().getLong("id");
    String report = MESSAGES + "/" + id + "/report";

    assertThat(bob.post(report, REPORT).toString()).isEqualTo("200 {\"ok\":true}");
    assertThat(bob.post(report, REPORT).toString()).isEqualTo("200 {\"ok\":true}");
    assertThat(eve.post(report, REPORT).toString()).isEqualTo(NOT_FOUND);
    assertThat(ann.post(report, REPORT).toString()).isEqualTo("409 {\"error\":\"own_message\"}");
    assertThat(bob.post(report, "{\"reason\":\"x\"}").status()).isEqualTo(422);
    assertThat(bob.post(report, "{}").status()).isEqualTo(422);

    JsonObject found = onlyCase(ann);
    assertThat(found.getLong("message_id")).isEqualTo(id);
    assertThat(found.getInteger("reports")).isEqualTo(1);
    assertThat(found.getString("content")).isEqualTo("buy gold");
    String one = ADMIN + "/reports/" + found.getLong("id");
    JsonObject details = admin.get(one).data();
    assertThat(details.getJsonArray("context").getJsonObject(0).getLong("id")).isEqualTo(before);
    assertThat(details.getJsonArray("reports_of").getJsonObject(0).getString("text"))
        .isEqualTo("look");
    try (var socket = PhoenixClient.connect(api.node().port(), bob.token())) {
      socket.joinAndAwait("lobby:" + lobby, "updated");

      assertThat(admin.post(one + "/decide", "{\"decision\":\"delete\"}").toString())
          .isEqualTo("200 {}");

      assertThat(socket.await("lobby:" + lobby, "chat_message_deleted").getLong("id"))
          .isEqualTo(id);
    }
    assertThat(admin.post(one + "/decide", "{\"decision\":\"dismiss\"}").toString())
        .isEqualTo("409 {\"error\":\"report_closed\"}");
    assertThat(bob.get(MESSAGES + "/" + id).toString()).isEqualTo(NOT_FOUND);
    assertThat(cases(ann, "open")).isEmpty();
    assertThat(cases(ann, "closed")).hasSize(1);
    assertThat(ann.get(one).status()).isEqualTo(403);
  }

  private static JsonObject onlyCase(Guest of) {
    var cases = cases(of, "open");
    assertThat(cases).hasSize(1);
    return (JsonObject) cases.iterator().next();
  }

  private static Iterable<Object> cases(Guest of, String state) {
    return admin
        .get(ADMIN + "/reports?state=" + state + "&user_id=" + of.id())
        .body()
        .getJsonArray("data");
  }

  @Test
  void reportsAPlayerUpToTheBoundOfADay() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    String report = "/api/v1/users/" + bob.id() + "/report";
    assertThat(ann.post(report, REPORT).status()).isEqualTo(200);
    assertThat(onlyCase(bob).getString("message_id")).isNull();
    assertThat(bob.post(report, REPORT).status()).isEqualTo(409);
    assertThat(ann.post("/api/v1/users/999999/report", REPORT).status()).isEqualTo(404);

    long lobby = bob.createLobby("{}");
    ann.post("/api/v1/lobbies/" + lobby + "/join", "{}");
    int last = 0;
    for (int i = 0; i < 30; i++) {
      long id = bob.post(MESSAGES, message("lobby", lobby, "m" + i)).body().getLong("id");
      last = ann.post(MESSAGES + "/" + id + "/report", REPORT).status();
    }
    assertThat(last).isEqualTo(429);
  }

  @Test
  void refusesEveryMessageOfAMutedPlayer() {
    Guest ann = api.guest();
    Guest bob = api.guest();
    befriend(ann, bob);
    long lobby = ann.createLobby("{}");
    long group =
        ann.post("/api/v1/groups", "{\"title\":\"muted " + ann.id() + "\"}").body().getLong("id");
    long own = ann.post(MESSAGES, message("lobby", lobby, "before")).body().getLong("id");
    String mute = ADMIN + "/mutes/" + ann.id();
    String until =
        Instant.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS).toString();

    assertThat(
            admin
                .call("PUT", mute, JsonObject.of("reason", "spam", "until", until).encode())
                .status())
        .isEqualTo(200);

    for (String message :
        List.of(
            message("lobby", lobby, "x"),
            message("friend", bob.id(), "x"),
            message("group", group, "x"))) {
      Response refused = ann.post(MESSAGES, message);
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.body().getString("error")).isEqualTo("muted");
      assertThat(refused.body().getLong("muted_until_ms"))
          .isEqualTo(Instant.parse(until).toEpochMilli());
    }
    assertThat(ann.call("PATCH", MESSAGES + "/" + own, "{\"content\":\"y\"}").status())
        .isEqualTo(403);
    assertThat(contents("?sender_id=" + ann.id())).containsExactly("before");
    assertThat(bob.post(MESSAGES, message("friend", ann.id(), "hi")).status()).isEqualTo(201);
    assertThat(admin.get(ADMIN + "/mutes").body().encode()).contains("\"reason\":\"spam\"");

    assertThat(admin.delete(mute).toString()).isEqualTo("200 {}");
    assertThat(admin.delete(mute).toString()).isEqualTo(NOT_FOUND);
    assertThat(ann.post(MESSAGES, message("lobby", lobby, "after")).status()).isEqualTo(201);
    assertThat(ann.call("PUT", mute, "{\"reason\":\"x\"}").status()).isEqualTo(403);
    assertThat(admin.call("PUT", mute, "{}").status()).isEqualTo(422);
  }

  @Test
  void filtersMessagesAndEdits() {
    Guest ann = api.guest();
    long lobby = ann.createLobby("{}");
    String filters = ADMIN + "/filters";
    long refuse = rule("forbiddenword", "refuse").getLong("id");
    long mask = rule("mask*", "mask").getLong("id");
    long flag = rule("suspicious words", "flag").getLong("id");

    Response refused = ann.post(MESSAGES, message("lobby", lobby, "a ForbiddenWord"));
    assertThat(refused.toString()).isEqualTo("403 {\"error\":\"message_filtered\"}");
    Response masked = ann.post(MESSAGES, message("lobby", lobby, "Masked, maskx"));
    assertThat(masked.body().getString("content")).isEqualTo("******, *****");
    long sent =
        ann.post(MESSAGES, message("lobby", lobby, "suspicious words")).body().getLong("id");
    JsonObject found = onlyCase(ann);
    assertThat(found.getLong("message_id")).isEqualTo(sent);
    assertThat(found.getString("rule")).isEqualTo("suspicious words");
    assertThat(found.getInteger("reports")).isZero();
    String own = MESSAGES + "/" + sent;
    assertThat(ann.call("PATCH", own, "{\"content\":\"forbiddenword\"}").status()).isEqualTo(403);
    assertThat(ann.call("PATCH", own, "{\"content\":\"mask\"}").body().getString("content"))
        .isEqualTo("****");
    assertThat(contents("?sender_id=" + ann.id())).containsExactly("****", "******, *****");

    JsonObject verdict =
        admin
            .post(
                filters + "/test", "{\"chat_type\":\"lobby\",\"content\":\"maskx forbiddenword\"}")
            .data();
    assertThat(verdict.getString("content")).isEqualTo("***** forbiddenword");
    assertThat(verdict.getString("refused_by")).isEqualTo("forbiddenword");

    JsonObject change = JsonObject.of("pattern", "otherword", "action", "refuse", "revision", 1);
    assertThat(admin.call("PUT", filters + "/" + refuse, change.encode()).status()).isEqualTo(412);
    change.remove("revision");
    change.put("chat_types", List.of("group"));
    JsonObject changed = admin.call("PUT", filters + "/" + refuse, change.encode()).data();
    assertThat(changed.getJsonArray("chat_types")).isEqualTo(JsonArray.of("group"));
    assertThat(ann.post(MESSAGES, message("lobby", lobby, "otherword")).status()).isEqualTo(201);
    for (long id : List.of(refuse, mask, flag)) {
      assertThat(admin.delete(filters + "/" + id).toString()).isEqualTo("200 {}");
    }
    assertThat(admin.delete(filters + "/" + mask).toString())
        .isEqualTo("404 {\"error\":\"rule_not_found\"}");
    assertThat(ann.post(MESSAGES, message("lobby", lobby, "maskx")).body().getString("content"))
        .isEqualTo("maskx");
    assertThat(admin.post(filters, "{\"pattern\":\"(a+)+\",\"action\":\"mask\"}").status())
        .isEqualTo(422);
    assertThat(ann.get(filters).status()).isEqualTo(403);
  }

  private static JsonObject rule(String pattern, String action) {
    Response created =
        admin.post(
            ADMIN + "/filters", JsonObject.of("pattern", pattern, "action", action).encode());
    assertThat(created.status()).as(created.toString()).isEqualTo(201);
    return created.data();
  }

  @Test
  void deletesAConversation() {
    Guest ann = api.guest();
    long lobby = ann.createLobby("{}");
    Guest bob = api.guest();
    long other = bob.createLobby("{}");
    for (int i = 0; i < 3; i++) {
      ann.post(MESSAGES, message("lobby", lobby, "m" + i));
      bob.post(MESSAGES, message("lobby", other, "m" + i));
    }
    String conversation = ADMIN + "/conversation?chat_type=lobby&chat_ref_id=";
    assertThat(admin.delete(conversation + lobby).toString()).isEqualTo("200 {\"deleted\":3}");
    assertThat(admin.delete(conversation + lobby).toString()).isEqualTo("200 {\"deleted\":0}");
    assertThat(contents("?chat_type=lobby&chat_ref_id=" + other)).hasSize(3);
    String body = JsonObject.of("chat_type", "lobby", "chat_ref_id", other).encode();
    assertThat(admin.call("DELETE", ADMIN + "/conversation", body).toString())
        .isEqualTo("200 {\"deleted\":3}");
    for (String wrong :
        List.of("", "?chat_type=lobby", "?chat_ref_id=1", "?chat_type=x&chat_ref_id=1")) {
      assertThat(admin.delete(ADMIN + "/conversation" + wrong).toString())
          .isEqualTo("422 {\"error\":\"chat_type and chat_ref_id are required\"}");
    }
  }

  @Test
  void refusesOthersThanAdmins() {
    Guest ann = api.guest();
    String no = "403 {\"error\":\"forbidden\"}";
    assertThat(ann.get(ADMIN).toString()).isEqualTo(no);
    assertThat(ann.delete(ADMIN + "/1").toString()).isEqualTo(no);
    assertThat(ann.delete(ADMIN + "/conversation").toString()).isEqualTo(no);
    assertThat(api.get(ADMIN).status()).isEqualTo(401);
  }

  private static JsonObject find(String query) {
    return admin.get(ADMIN + query).body().getJsonArray("data").getJsonObject(0);
  }

  private static List<String> contents(String query) {
    return admin.get(ADMIN + query).body().getJsonArray("data").stream()
        .map(message -> ((JsonObject) message).getString("content"))
        .toList();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String message(String type, long reference, String content) {
    return JsonObject.of("chat_type", type, "chat_ref_id", reference, "content", content).encode();
  }

  private static void befriend(Guest one, Guest other) {
    one.post("/api/v1/friends", JsonObject.of("target_user_id", other.id()).encode());
    other.post("/api/v1/friends", JsonObject.of("target_user_id", one.id()).encode());
  }
}
