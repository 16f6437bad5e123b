package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import dev.rookery.testkit.RestPlayer;
import dev.rookery.testkit.TestNode;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.regex.Pattern;

/** Follows a request from its id to the statements that it caused, on a node that traces all. */
record TraceCheck(TestNode node, ConsoleBrowser admin, RestPlayer owner) {
  private static final String REQUEST = "trace-check-request-4711";
  private static final String PAGE = "/admin/traces";
  private static final String API = "/api/v1/admin/traces";
  private static final Pattern TRACE = Pattern.compile("/admin/traces/([0-9a-f]{32})");

  void run() throws Exception {
    assertThat(node.get("/api/v1/lobbies?title=secret-title", "x-request-id", REQUEST).statusCode())
        .isEqualTo(200);
    Eventually.holds(() -> page(PAGE + "?request=" + REQUEST).contains("GET /api/v1/lobbies"));
    String list = page(PAGE + "?request=" + REQUEST);
    var trace = TRACE.matcher(list);
    assertThat(trace.find()).as(list).isTrue();
    String operation = "operation=GET+%2Fapi%2Fv1%2Flobbies";
    assertThat(page(PAGE + "?slowest=true&min=0&node=single&" + operation))
        .contains(PAGE + "/" + trace.group(1));
    assertThat(page(PAGE + "?request=" + REQUEST + "&failed=true")).contains("No traces match");
    assertThat(page("/admin/logs?request=" + REQUEST)).contains(PAGE + "?request=" + REQUEST);

    assertThat(page(PAGE + "/" + trace.group(1)))
        .contains("LobbyQuery.ListOpen", "SELECT ", "data-label=\"Kind\">read</td>", REQUEST)
        .contains("class=\"span-bar\"", "/admin/logs?level=debug&amp;request=" + REQUEST)
        .doesNotContain("secret-title", " style=", "<style");
    assertThat(admin.get(PAGE + "/" + "0".repeat(32)).statusCode()).isEqualTo(404);
    var missing = admin.get(PAGE + "/nothing");
    assertThat(missing.statusCode()).isEqualTo(404);
    assertThat(missing.body()).contains("href=\"" + PAGE + "?request=");
    assertThat(page("/admin/search?q=" + REQUEST)).contains(PAGE + "?request=" + REQUEST);
    assertThat(page("/admin/search?q=" + trace.group(1))).contains(trace.group());
    answersTheSame(trace.group(1));
    showsTheStatementsOfAUnitOfWork();
    assertThat(owner.get(API + "/" + "0".repeat(32)).status()).isEqualTo(404);
    assertThat(owner.get(API + "?min_ms=long").status()).isEqualTo(422);
  }

  private void showsTheStatementsOfAUnitOfWork() {
    String request = "trace-check-4712";
    var signIn = new JsonObject().put("device_id", "secret-device-of-traces");
    assertThat(
            node.post("/api/v1/login/device", signIn.encode(), "x-request-id", request)
                .statusCode())
        .isEqualTo(200);
    Eventually.holds(() -> TRACE.matcher(page(PAGE + "?request=" + request)).find());
    var trace = TRACE.matcher(page(PAGE + "?request=" + request));
    assertThat(trace.find()).isTrue();
    assertThat(page(trace.group()))
        .contains("data-label=\"Kind\">write</td>", "data-label=\"Kind\">statement</td>")
        .contains("INSERT player")
        .doesNotContain("secret-device-of-traces");
  }

  private void answersTheSame(String trace) throws Exception {
    JsonObject found = owner.get(API + "?request_id=" + REQUEST).body();
    assertThat(found.getJsonArray("data")).hasSize(1);
    assertThat(found.getJsonArray("data").getJsonObject(0).getString("id")).isEqualTo(trace);
    assertThat(found.getJsonArray("operations").encode()).contains("GET /api/v1/lobbies");
    assertThat(found.getJsonArray("silent")).isEmpty();
    JsonObject whole = owner.get(API + "/" + trace).body().getJsonObject("data");
    JsonArray parts = whole.getJsonArray("parts");
    assertThat(whole.getString("request_id")).isEqualTo(REQUEST);
    assertThat(parts.getJsonObject(0).getValue("parent")).isNull();
    assertThat(parts.stream().map(part -> ((JsonObject) part).getString("kind")))
        .contains("request", "command", "read");
  }

  private String page(String path) {
    var page = admin.get(path);
    assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
    return page.body();
  }
}
