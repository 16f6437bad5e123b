package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rookery.protocol.gamend.TestApi.Guest;
import dev.rookery.testkit.Databases;
import dev.rookery.testkit.LoggedErrors;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Sends every operation of the API document with each of its fields missing, null, of the wrong
 * type, and at the ends of what its type allows: every response must be documented, none is a
 * server error, and nothing is logged as one. Fixed requests, so that {@link RequestFuzzTest} is
 * not what finds such faults, in some runs and not in others.
 */
final class ApiFieldsIT {
  /** Starts what outlives the request, and needs a pg_dump of the version of the database. */
  private static final String LEFT_OUT = "admin_create_backup";

  private static final String ENDED_AT_ONCE = "admin_delete_sample_data";

  private static final List<HttpMethod> ORDER =
      List.of(HttpMethod.POST, HttpMethod.PUT, HttpMethod.PATCH, HttpMethod.GET, HttpMethod.DELETE);

  private static final int SHOWN_MAX = 20;
  private static final int IDS = 6;
  private static final int ADDRESS_MAX = 400;
  private static final Pattern OF_A_PLAYER = Pattern.compile("/(users|admins|mutes|test_players)/");

  /** JSON values for each field. */
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "0",
          "1",
          "-1",
          "2147483647",
          "-2147483649",
          "9223372036854775807",
          "9223372036854775808",
          "1.5",
          "1e400",
          "\"\"",
          "\" \"",
          "\"x\"",
          "\"a\\u0000b\"",
          "\"\\ud83d\"",
          "\"\\uffff\"",
          "\"../%00?#\"",
          "\"" + "x".repeat(300) + "\"",
          "\"" + "🎮".repeat(5_000) + "\"",
          "\"2024-02-29T23:59:60+18:00\"",
          "\"0000-01-01T00:00:00+18:00\"",
          "\"+999999999-12-31T23:59:59-18:00\"",
          "\"-999999999-01-01T00:00:00+18:00\"",
          "[]",
          "[null]",
          "[1, \"x\", {}]",
          "[\"a\\u0000b\"]",
          "[9223372036854775808, -1, 1.5]",
          "{}",
          "{\"a\":\"\\u0000\"}",
          "{\"\":null}",
          "{\"a\":[1e400]}",
          "{\"type\":\"object\",\"a\":{\"b\":[[]]}}");

  /** In a path or a query these are plain text, so a TEXT field reads them as it does others. */
  private static final Set<String> ALIKE_IN_ADDRESS =
      Set.of(
          "true",
          "0",
          "1",
          "2147483647",
          "-2147483649",
          "1e400",
          "[]",
          "[null]",
          "[\"a\\u0000b\"]",
          "[9223372036854775808, -1, 1.5]",
          "{\"a\":\"\\u0000\"}",
          "{\"\":null}",
          "{\"a\":[1e400]}",
          "{\"type\":\"object\",\"a\":{\"b\":[[]]}}");

  /**
   * A request to an operation.
   *
   * @param values JSON by the name of the field
   */
  private record FieldRequest(Operation operation, Map<String, String> values) {
    @Override
    public String toString() {
      String shown =
          values.entrySet().stream()
              .map(field -> field.getKey() + "=" + shortened(field.getValue()))
              .collect(Collectors.joining(", "));
      return operation.id() + " " + shown;
    }

    private static String shortened(String json) {
      return json.length() > 60 ? json.substring(0, 60) + "… (" + json.length() + ")" : json;
    }
  }

  private final List<FuzzPlayers> players = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private LoggedErrors errors;
  private int sent;

  @Test
  void everyFieldMayHaveAnyValue() {
    var apis = Databases.locations().map(TestApi::start).toList();
    try (var logged = new LoggedErrors()) {
      errors = logged;
      apis.forEach(api -> players.add(new FuzzPlayers(api)));
      readAll();
      operations().forEach(operation -> requests(operation).forEach(this::send));
      readAll();
    } finally {
      apis.forEach(TestApi::close);
    }
    assertThat(faults.stream().limit(SHOWN_MAX).toList())
        .as("the first of %d faults in %d requests", faults.size(), sent)
        .isEmpty();
  }

  /** Sends a request to the node of one of the databases, which take turns. */
  private void send(FieldRequest request) {
    String fault = fault(players.get(sent++ % players.size()), request);
    List<String> logged = errors.take();
    if (fault != null || !logged.isEmpty()) {
      faults.add(request + ": " + fault + " " + logged);
    }
  }

  /** Those that read what others have made come after them, and those that delete last. */
  private static List<Operation> operations() {
    return ApiDocument.shared().operations().stream()
        .filter(operation -> !operation.id().equals(LEFT_OUT))
        .sorted(Comparator.comparing(operation -> ORDER.indexOf(method(operation))))
        .toList();
  }

  /** What makes hundreds of players in the background is ended as soon as it has begun. */
  private static HttpMethod method(Operation operation) {
    return operation.id().equals(ENDED_AT_ONCE) ? HttpMethod.POST : operation.method();
  }

  /** Reads what there is, and what is left of it when all operations have been called. */
  private void readAll() {
    for (Operation operation : operations()) {
      if (operation.method().equals(HttpMethod.GET)) {
        for (int id = 1; id <= IDS; id++) {
          var values = new LinkedHashMap<String, String>();
          for (Field field : operation.fields()) {
            if (field.fromPath() || field.required()) {
              values.put(
                  field.name(),
                  field.type() == FieldType.TEXT
                      ? plausible(operation, field)
                      : Integer.toString(id));
            }
          }
          send(new FieldRequest(operation, values));
        }
      }
    }
  }

  private List<FieldRequest> requests(Operation operation) {
    var all = new ArrayList<FieldRequest>();
    var plausible = new LinkedHashMap<String, String>();
    operation.fields().forEach(field -> plausible.put(field.name(), plausible(operation, field)));
    all.add(new FieldRequest(operation, plausible));
    for (Field field : operation.fields()) {
      if (!field.fromPath()) {
        var without = new LinkedHashMap<>(plausible);
        without.remove(field.name());
        all.add(new FieldRequest(operation, without));
      }
      field.allowed().forEach(value -> all.add(with(operation, plausible, field, json(value))));
      boolean isRefused = false;
      boolean textInAddress = field.type() == FieldType.TEXT && isInAddress(operation, field);
      for (String value : VALUES) {
        if (textInAddress && ALIKE_IN_ADDRESS.contains(value)) {
          continue;
        }
        boolean refused = isRefused(operation, field, value);
        if (!(refused && isRefused) && !(field.fromPath() && text(value).isBlank())) {
          all.add(with(operation, plausible, field, value));
        }
        if (!refused && value.contains("\\u0000")) {
          // For both databases: only one of them can store it.
          all.add(with(operation, plausible, field, value));
        }
        isRefused |= refused;
      }
    }
    return all;
  }

  /**
   * Whether the value is none of the type of the field: one of them is enough, because they are all
   * refused in the same way before the route is called.
   */
  private static boolean isRefused(Operation operation, Field field, String value) {
    var read = Json.read(value);
    Object raw = isInAddress(operation, field) || read.isEmpty() ? text(value) : read.get().value();
    return raw != null && !field.isAbsent(raw) && field.cast(raw) == null;
  }

  private static boolean isInAddress(Operation operation, Field field) {
    return field.fromPath() || operation.method().equals(HttpMethod.GET);
  }

  private static FieldRequest with(
      Operation operation, Map<String, String> plausible, Field field, String value) {
    var values = new LinkedHashMap<>(plausible);
    values.put(field.name(), value);
    return new FieldRequest(operation, values);
  }

  private String plausible(Operation operation, Field field) {
    if (!field.allowed().isEmpty()) {
      return json(field.allowed().getFirst());
    }
    String name = field.name();
    if (name.contains("user")
        || (name.equals("id") && OF_A_PLAYER.matcher(operation.path()).find())) {
      return Long.toString(players.getFirst().get(1).id());
    }
    return switch (field.type()) {
      case TEXT ->
          name.contains("email")
              ? "\"ann@example.com\""
              : name.contains("password") ? "\"correct horse\"" : "\"some-text\"";
      case INT -> "2";
      case LONG -> "1";
      case TIMESTAMP -> "\"2031-05-06T07:08:09Z\"";
      case BOOLEAN -> "true";
      case LIST -> "[\"some-text\"]";
      case OBJECT, ANY -> "{\"mode\":\"duel\"}";
    };
  }

  /** Sends a request; returns what is wrong with the response, or null. */
  private static String fault(FuzzPlayers players, FieldRequest sent) {
    Operation operation = sent.operation();
    HttpResponse<String> response = players.api().node().send(request(players, sent));
    if (response.statusCode() == 401 || operation.id().equals("logout")) {
      players.renew();
    }
    boolean notConfigured = response.body().startsWith("{\"error\":\"server_misconfigured\"");
    if (response.statusCode() >= 500 && !notConfigured) {
      return response.statusCode() + " " + response.body();
    }
    try {
      ResponseValidator.check(operation, response);
      return null;
    } catch (AssertionError undocumented) {
      return undocumented.getMessage();
    }
  }

  private static HttpRequest request(FuzzPlayers players, FieldRequest sent) {
    Operation operation = sent.operation();
    var values = new LinkedHashMap<>(sent.values());
    var path = new StringBuilder();
    for (String step : operation.path().substring(1).split("/", -1)) {
      String value = step.startsWith(":") ? values.remove(step.substring(1)) : null;
      path.append('/').append(value == null ? step : encoded(text(value)));
    }
    boolean inQuery = operation.method().equals(HttpMethod.GET);
    if (inQuery && !values.isEmpty()) {
      path.append('?');
      values.forEach(
          (name, value) -> path.append(name).append('=').append(encoded(text(value))).append('&'));
    }
    String json =
        values.entrySet().stream()
            .map(field -> json(field.getKey()) + ":" + field.getValue())
            .collect(Collectors.joining(",", "{", "}"));
    var request =
        HttpRequest.newBuilder(players.api().node().uri(path.toString()))
            .method(
                operation.method().name(),
                inQuery ? BodyPublishers.noBody() : BodyPublishers.ofString(json))
            .header("content-type", "application/json")
            .header("accept", "application/json");
    Guest player =
        switch (operation.access()) {
          case PUBLIC -> null;
          case OPTIONAL, OPTIONAL_LENIENT, REQUIRED -> players.get(0);
          case ADMIN -> players.admin();
        };
    if (player != null) {
      request.header("authorization", "Bearer " + player.token());
    }
    return request.build();
  }

  private static String json(Object value) {
    String array = JsonArray.of(value).encode();
    return array.substring(1, array.length() - 1);
  }

  /** The value as a path or a query has it: text without quotation marks, and not too much. */
  private static String text(String json) {
    String text =
        json.startsWith("\"") ? new JsonObject("{\"text\":" + json + "}").getString("text") : json;
    return text.length() > ADDRESS_MAX ? text.substring(0, ADDRESS_MAX) : text;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
