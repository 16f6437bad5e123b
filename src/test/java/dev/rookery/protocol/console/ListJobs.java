package dev.rookery.protocol.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.testkit.Eventually;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Pattern;

/** Jobs on all rows of a list that match, as an admin begins and follows them. */
final class ListJobs {
  private static final Pattern JOB = Pattern.compile("/admin/bulk/(\\d+)");

  /** Begins a job on all rows that match, and waits until they are counted. */
  static String job(ConsoleSite site, ConsoleBrowser admin, String list, String action) {
    HttpResponse<String> begun = admin.submit("/admin/users", list + "/all-" + action);
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(303);
    String path = begun.headers().firstValue("location").orElseThrow();
    assertThat(path).matches(JOB);
    Eventually.holds(() -> state(admin, path).equals("ready"));
    return path;
  }

  static String state(ConsoleBrowser admin, String job) {
    var state = Pattern.compile("class=\"badge ?[a-z]*\">(\\w+)<").matcher(admin.get(job).body());
    return state.find() ? state.group(1) : "";
  }

  static HttpResponse<String> startJob(
      ConsoleBrowser admin, String job, String action, String total, String... fields) {
    HttpResponse<String> asked = admin.submit(job, job + "/" + action, fields);
    assertThat(asked.statusCode()).as(asked.body()).isEqualTo(200);
    return admin.confirm(asked, "_typed", total, "_reason", "a test");
  }

  static List<JsonObject> results(ConsoleBrowser admin, String job) {
    return admin.get(job + "/export?format=ndjson").body().lines().map(JsonObject::new).toList();
  }

  private ListJobs() {}
}
