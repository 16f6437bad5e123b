package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import java.net.http.HttpResponse;
import java.util.regex.Pattern;

/** Runs a load test from its page, on a running node. */
record LoadCheck(ConsoleBrowser admin) {
  private static final String PAGE = "/admin/load";
  private static final Pattern NODE =
      Pattern.compile("name=\"node\"[^>]*>\\s*<option[^>]*>([^<]+)<");

  void run() {
    String form = page(PAGE);
    assertThat(form).contains("New load test", "No runs yet", "scripts/load play");
    var node = NODE.matcher(form);
    assertThat(node.find()).as(form).isTrue();
    assertThat(start(node.group(1).strip(), "0").body()).contains("must be");

    HttpResponse<String> started = start(node.group(1).strip(), "2");
    assertThat(started.statusCode()).as(started.body()).isEqualTo(303);
    String run = started.headers().firstValue("location").orElseThrow().replaceAll("\\?.*", "");
    Eventually.holds(() -> page(run).contains("Requests: "));
    assertThat(start(node.group(1).strip(), "2").body()).contains("load_test_is_running");
    var asked = admin.submit(run, run + "/cancel");
    assertThat(admin.confirm(asked).statusCode()).isEqualTo(303);
    Eventually.holds(() -> !page(run).contains(run + "/cancel"));
    assertThat(page(PAGE)).contains("cancelled");
  }

  private HttpResponse<String> start(String node, String players) {
    var asked =
        admin.submit(
            PAGE,
            PAGE + "/start",
            "scenario",
            "me",
            "node",
            node,
            "players",
            players,
            "ramp",
            "0",
            "time",
            "300",
            "p99",
            "60000",
            "removes",
            "true");
    return admin.confirm(asked, "_typed", players, "_reason", "to see it");
  }

  private String page(String path) {
    var page = admin.get(path);
    assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
    return page.body();
  }
}
