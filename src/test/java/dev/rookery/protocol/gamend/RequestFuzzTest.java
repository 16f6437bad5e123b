package dev.rookery.protocol.gamend;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.rookery.testkit.Databases;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.slf4j.LoggerFactory;

/**
 * Sends random requests to all routes of the API document: every response must be documented, must
 * not be a server error, and nothing is logged as a warning.
 */
final class RequestFuzzTest {
  private static final List<Operation> OPERATIONS = ApiDocument.shared().operations();
  private static final int TRIES = 800;

  // Values that are known to break parsers, databases or templates.
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "\t\n",
          "\0",
          "a\0b",
          "'",
          "' OR '1'='1",
          "'; DROP TABLE player; --",
          "%",
          "_",
          "\\",
          "$1",
          "?",
          ":x",
          "<script>alert(1)</script>",
          "{{7*7}}",
          "${jndi:ldap://x}",
          "../../etc/passwd",
          "\u202e",
          "🎮".repeat(90),
          "e\u0301",
          "\uFFFF",
          "\uD83D",
          "\uDE00",
          "true",
          "false",
          "0",
          "1",
          "-1",
          "12abc",
          "1e3",
          "NaN",
          "null",
          "undefined",
          "9223372036854775807",
          "9223372036854775808",
          "9".repeat(500),
          "lobby",
          "a@b.example",
          "correct horse",
          "x".repeat(5_000),
          "[]",
          "{}",
          "{\"a\":1}");

  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "-1",
          "2",
          "3",
          "128",
          "129",
          "2147483648",
          "9223372036854775808",
          "1.5",
          "4.0",
          "-0.0",
          "1e999",
          "1e-999",
          "9".repeat(900));

  private static final ListAppender<ILoggingEvent> LOG = new ListAppender<>();
  private static final List<TestApi> APIS = new ArrayList<>();
  private static final Map<TestApi, List<String>> TOKENS = new LinkedHashMap<>();
  private static final Map<String, String> ROOMS = new HashMap<>();
  private static int requests;

  @BeforeContainer
  static void start() {
    Databases.locations().forEach(place -> APIS.add(TestApi.start(place)));
    LOG.start();
    root().addAppender(LOG);
  }

  @AfterContainer
  static void stop() {
    root().detachAppender(LOG);
    APIS.forEach(TestApi::close);
  }

  /** The databases take turns. */
  private static TestApi nextApi() {
    return APIS.get(requests++ % APIS.size());
  }

  private static Logger root() {
    return ((LoggerContext) LoggerFactory.getILoggerFactory()).getLogger(Logger.ROOT_LOGGER_NAME);
  }

  /** A random request to an operation. */
  record RandomRequest(
      Operation operation,
      List<String> path,
      Map<String, String> query,
      String type,
      byte[] body,
      int player,
      String header) {
    @Override
    public String toString() {
      String text = new String(body, StandardCharsets.UTF_8);
      return "%s %s %s %s %s as %d: %s"
          .formatted(operation.id(), path, query, type, header, player, text);
    }
  }

  @Property(tries = TRIES, shrinking = ShrinkingMode.BOUNDED, edgeCases = EdgeCasesMode.NONE)
  void everyResponseIsDocumentedAndNoneIsAServerError(@ForAll("sample") RandomRequest sample) {
    TestApi api = nextApi();
    String path = path(sample);
    String query = query(sample);
    var request =
        HttpRequest.newBuilder(api.node().uri(path + query))
            .method(sample.operation().method().name(), BodyPublishers.ofByteArray(sample.body()));
    if (!sample.type().isEmpty()) {
      request.header("content-type", sample.type());
    }
    if (sample.player() >= 0) {
      request.header("authorization", "Bearer " + token(api, sample.player()));
    }
    if (!sample.header().isEmpty()) {
      request.header("idempotency-key", sample.header());
    }
    var response = api.node().send(request.build());
    // The error that the contract defines for a provider that is not configured.
    boolean notConfigured =
        sample.operation().id().equals("oauth_google_id_token")
            && response.body().startsWith("{\"error\":\"server_misconfigured\"");
    if (!notConfigured) {
      assertThat(response.statusCode()).as("%s: %s", sample, response.body()).isLessThan(500);
    }
    ResponseValidator.check(sample.operation().method().name(), path, response);
    boolean signedOut = response.statusCode() == 401 || sample.operation().id().equals("logout");
    if (signedOut && sample.player() >= 0) {
      TOKENS.remove(api);
    }
    assertThat(LOG.list)
        .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .as("%s", sample)
        .isEmpty();
  }

  private static final List<String> DEV_ROUTES =
      List.of(
          "GET /api/dev/health",
          "POST /api/dev/session/anonymous",
          "GET /api/dev/me",
          "POST /api/dev/rooms",
          "POST /api/dev/rooms/:id/lobby-token",
          "GET /api/dev/rooms/:id",
          "GET /api/dev/rooms/:id/presence",
          "GET /api/dev/rooms/:id/bootstrap",
          "POST /api/dev/rooms/:id/save",
          "POST /api/dev/rooms/:id/reset",
          "POST /api/dev/rooms/:id/return-to-lobby",
          "POST /api/dev/rooms/:id/join-token",
          "POST /api/dev/saves",
          "POST /api/dev/local/saves",
          "GET /api/dev/saves/:id",
          "GET /api/dev/saves/:id/decoded",
          "POST /api/dev/saves/:id/new-room",
          "PUT /api/dev/rooms",
          "GET /api/dev/:id");

  private static final String OPENED = "an open room";

  /**
   * A random request to the routes of rooms.
   *
   * @param id in the path; {@link #OPENED} for a room of the player
   */
  record DevRequest(String route, String id, byte[] body, int player) {
    @Override
    public String toString() {
      return "%s %s as %d: %s"
          .formatted(route, id, player, new String(body, StandardCharsets.UTF_8));
    }
  }

  /** They are not in the API document: every answer but a download is a JSON object. */
  @Property(tries = 400, shrinking = ShrinkingMode.BOUNDED, edgeCases = EdgeCasesMode.NONE)
  void noRouteOfRoomsIsAServerError(@ForAll("devSample") DevRequest sample) {
    TestApi api = nextApi();
    String token = token(api, Math.max(0, sample.player()));
    String room =
        sample.id().equals(OPENED) ? ROOMS.computeIfAbsent(token, _ -> open(api, token)) : null;
    String[] route = sample.route().split(" ", -1);
    String path = route[1].replace(":id", encoded(room == null ? sample.id() : room));
    var request =
        HttpRequest.newBuilder(api.node().uri(path))
            .method(route[0], BodyPublishers.ofByteArray(sample.body()));
    if (sample.player() >= 0) {
      request.header("authorization", "Bearer " + token);
    }
    var response = api.node().send(request.build());
    assertThat(response.statusCode()).as("%s: %s", sample, response.body()).isLessThan(500);
    if (response.headers().firstValue("content-type").orElse("").equals("application/json")) {
      assertThat(new JsonObject(response.body())).isNotEmpty();
    }
    assertThat(LOG.list)
        .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
        .as("%s", sample)
        .isEmpty();
  }

  private static String open(TestApi api, String token) {
    var opened = api.node().post("/api/dev/rooms", "{}", "authorization", "Bearer " + token);
    return new JsonObject(opened.body()).getString("roomID");
  }

  @Provide
  Arbitrary<DevRequest> devSample() {
    Arbitrary<String> id =
        Arbitraries.oneOf(
            Arbitraries.just(OPENED),
            Arbitraries.of(
                TEXTS.stream().filter(text -> !text.isBlank() && text.length() <= 600).toList()));
    return Combinators.combine(
            Arbitraries.of(DEV_ROUTES), id, devBody(), Arbitraries.integers().between(-1, 2))
        .as(DevRequest::new);
  }

  private static Arbitrary<byte[]> devBody() {
    Arbitrary<String> fields =
        Arbitraries.maps(
                Arbitraries.of(
                    "gameKey", "branch", "checkpoint", "initialNow", "match", "revision", "seed"),
                Arbitraries.oneOf(
                    value(2),
                    Arbitraries.of(
                        "\"tic-tac-toe\"",
                        "{\"players\":[\"0\",\"1\"]}",
                        "{\"log\":[]}",
                        "1700000000000")))
            .ofMaxSize(7)
            .map(
                all -> {
                  var written = new ArrayList<String>();
                  all.forEach((name, value) -> written.add(quoted(name) + ":" + value));
                  return "{" + String.join(",", written) + "}";
                });
    return Arbitraries.oneOf(
        fields.map(text -> text.getBytes(StandardCharsets.UTF_8)),
        value(2).map(text -> text.getBytes(StandardCharsets.UTF_8)),
        Arbitraries.bytes()
            .array(byte[].class)
            .ofMaxSize(100)
            .map(
                noise ->
                    ("OTSV\1\1\1\1" + new String(noise, StandardCharsets.ISO_8859_1))
                        .getBytes(StandardCharsets.ISO_8859_1)),
        Arbitraries.just(new byte[0]));
  }

  /**
   * Returns the token of one of three friends, each of whom has a lobby and chat messages. One has
   * a party and a group of each type, with messages, members, requests and invites of the others.
   */
  private static String token(TestApi api, int player) {
    return TOKENS.computeIfAbsent(api, RequestFuzzTest::friends).get(player);
  }

  private static List<String> friends(TestApi api) {
    List<TestApi.Guest> guests = List.of(guest(api), guest(api), guest(api));
    for (TestApi.Guest one : guests) {
      for (TestApi.Guest other : guests) {
        one.post("/api/v1/friends", JsonObject.of("target_user_id", other.id()).encode());
      }
    }
    for (TestApi.Guest one : guests) {
      one.post("/api/v1/chat/messages", message("friend", guests.getFirst().id()));
    }
    makeParty(guests);
    List.of("public", "private", "hidden").forEach(type -> makeGroup(guests, type));
    return guests.stream().map(TestApi.Guest::token).toList();
  }

  private static void makeParty(List<TestApi.Guest> guests) {
    TestApi.Guest leader = guests.getFirst();
    long party = leader.post("/api/v1/parties", "{}").body().getLong("id");
    leader.post("/api/v1/parties/invite", target(guests.get(1)));
    leader.post("/api/v1/parties/invite", target(guests.get(2)));
    String accepted = JsonObject.of("party_id", party).encode();
    guests.get(1).post("/api/v1/parties/invite/accept", accepted);
    leader.post("/api/v1/chat/messages", message("party", party));
  }

  /** One guest is the admin; of the others one asks to join, and one is invited. */
  private static void makeGroup(List<TestApi.Guest> guests, String type) {
    TestApi.Guest admin = guests.getFirst();
    String settings = JsonObject.of("title", type + " of " + admin.id(), "type", type).encode();
    long group = admin.post("/api/v1/groups", settings).body().getLong("id");
    guests.get(1).post("/api/v1/groups/" + group + "/join", "{}");
    admin.post("/api/v1/groups/" + group + "/invite", target(guests.get(2)));
    admin.post("/api/v1/chat/messages", message("group", group));
  }

  private static String target(TestApi.Guest guest) {
    return JsonObject.of("target_user_id", guest.id()).encode();
  }

  private static String message(String type, long reference) {
    return JsonObject.of("chat_type", type, "chat_ref_id", reference, "content", "hello").encode();
  }

  private static TestApi.Guest guest(TestApi api) {
    TestApi.Guest guest = api.guest();
    long lobby = guest.post("/api/v1/lobbies/quick_join", "{}").body().getLong("id");
    guest.post("/api/v1/chat/messages", message("lobby", lobby));
    return guest;
  }

  private static String path(RandomRequest sample) {
    var values = sample.path().iterator();
    var path = new StringBuilder();
    for (String step : sample.operation().path().substring(1).split("/", -1)) {
      path.append('/').append(step.startsWith(":") ? encoded(values.next()) : step);
    }
    return path.toString();
  }

  private static String query(RandomRequest sample) {
    var query = new StringBuilder();
    sample
        .query()
        .forEach(
            (name, value) ->
                query
                    .append(query.isEmpty() ? '?' : '&')
                    .append(encoded(name))
                    .append('=')
                    .append(encoded(value)));
    return query.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Provide
  Arbitrary<RandomRequest> sample() {
    // What a request may be is described once per operation, not once per request.
    var samples = new HashMap<Operation, Arbitrary<RandomRequest>>();
    OPERATIONS.forEach(operation -> samples.put(operation, sampleFor(operation)));
    return Arbitraries.of(OPERATIONS).flatMap(samples::get);
  }

  private static Arbitrary<RandomRequest> sampleFor(Operation operation) {
    return Combinators.combine(
            pathValue().list().ofSize(2),
            fields(operation, RequestFuzzTest::queried),
            body(operation),
            Arbitraries.integers().between(-1, 2),
            Arbitraries.of("", "", "", "a key", "x".repeat(300)))
        .as(
            (path, query, body, player, header) ->
                new RandomRequest(
                    operation, path, query, body.get1(), body.get2(), player, header));
  }

  /** Neither empty nor a dot, which would change the path. */
  private static Arbitrary<String> pathValue() {
    return Arbitraries.oneOf(
        Arbitraries.of(
            "1", "2", "3", "google", "x", "-1", "9".repeat(40), "%", "'", "\uD83D", "a\0"),
        Arbitraries.integers().between(1, 40).map(String::valueOf));
  }

  /** Most fields of the operation, and some unknown ones. */
  private static Arbitrary<Map<String, String>> fields(
      Operation operation, Function<Field, Arbitrary<String>> value) {
    var known = new ArrayList<Arbitrary<Map.Entry<String, String>>>();
    for (Field field : operation.fields()) {
      known.add(value.apply(field).map(text -> Map.entry(field.name(), text)));
    }
    Arbitrary<List<Map.Entry<String, String>>> some =
        Combinators.combine(known)
            .as(list -> list)
            .flatMap(
                all ->
                    all.isEmpty()
                        ? Arbitraries.just(List.of())
                        : Arbitraries.oneOf(
                            Arbitraries.just(all), Arbitraries.subsetOf(all).map(List::copyOf)));
    Arbitrary<Map<String, String>> odd =
        Arbitraries.maps(
                Arbitraries.of(
                    "metadata[mode]", "a[]", "[", "a[b][c][d]", "_method", "_json", "page", "id"),
                Arbitraries.of("1", "x", "[]").map(RequestFuzzTest::quoted))
            .ofMaxSize(1);
    return Combinators.combine(some, odd)
        .as(
            (entries, more) -> {
              var all = new LinkedHashMap<String, String>();
              entries.forEach(entry -> all.put(entry.getKey(), entry.getValue()));
              all.putAll(more);
              return all;
            });
  }

  private static Arbitrary<String> queried(Field field) {
    return Arbitraries.oneOf(
        plausible(field),
        Arbitraries.of(TEXTS.stream().filter(text -> text.length() <= 600).toList()));
  }

  private static Arbitrary<String> written(Field field) {
    Arbitrary<String> right =
        field.type() == FieldType.TEXT
            ? plausible(field).map(RequestFuzzTest::quoted)
            : plausible(field);
    return Arbitraries.oneOf(right, right, value(2));
  }

  private static Arbitrary<String> plausible(Field field) {
    if (!field.allowed().isEmpty()) {
      return Arbitraries.of(field.allowed()).map(String::valueOf);
    }
    return switch (field.type()) {
      case TEXT -> Arbitraries.of("some text", "correct horse", "ann@example.com");
      case INT, LONG -> Arbitraries.integers().between(1, 30).map(String::valueOf);
      case TIMESTAMP -> Arbitraries.of("2031-05-06T07:08:09Z", "2001-05-06T07:08:09+02:00");
      case BOOLEAN -> Arbitraries.of("true", "false");
      case LIST -> Arbitraries.of("[]", "[1, \"2\", null]");
      case OBJECT -> Arbitraries.of("{}", "{\"mode\":\"duel\"}");
      case ANY -> Arbitraries.of("[]", "[1, null]", "{}", "3", "null", "\"text\"");
    };
  }

  private static Arbitrary<Tuple.Tuple2<String, byte[]>> body(Operation operation) {
    Arbitrary<byte[]> json =
        Arbitraries.oneOf(object(operation), object(operation), object(operation), value(2))
            .map(text -> text.getBytes(StandardCharsets.UTF_8));
    Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(200);
    return Arbitraries.frequencyOf(
        Tuple.of(8, json.map(bytes -> Tuple.of("application/json", bytes))),
        Tuple.of(1, noise.map(bytes -> Tuple.of("application/json; charset=utf-8", bytes))),
        Tuple.of(1, noise.map(bytes -> Tuple.of("application/x-www-form-urlencoded", bytes))),
        Tuple.of(1, noise.map(bytes -> Tuple.of("multipart/form-data; boundary=x", bytes))),
        Tuple.of(1, noise.map(bytes -> Tuple.of("multipart/form-data", bytes))),
        Tuple.of(1, json.map(bytes -> Tuple.of("", bytes))),
        Tuple.of(2, Arbitraries.just(Tuple.of("", new byte[0]))));
  }

  private static Arbitrary<String> object(Operation operation) {
    return fields(operation, RequestFuzzTest::written)
        .map(
            fields -> {
              var written = new ArrayList<String>();
              fields.forEach((name, value) -> written.add(quoted(name) + ":" + value));
              return "{" + String.join(",", written) + "}";
            });
  }

  /** Valid and invalid JSON. */
  private static Arbitrary<String> value(int depth) {
    Arbitrary<String> plain =
        Arbitraries.frequencyOf(
            Tuple.of(6, Arbitraries.of(TEXTS).map(RequestFuzzTest::quoted)),
            Tuple.of(2, Arbitraries.strings().all().ofMaxLength(30).map(RequestFuzzTest::quoted)),
            Tuple.of(4, Arbitraries.of(NUMBERS)),
            Tuple.of(3, Arbitraries.of("true", "false", "null")),
            Tuple.of(
                1, Arbitraries.of("[".repeat(900) + "]".repeat(900), nested(70), nested(400))));
    return depth == 0
        ? plain
        : Arbitraries.frequencyOf(
            Tuple.of(6, plain),
            Tuple.of(1, value(depth - 1).list().ofMaxSize(3).map(Object::toString)),
            Tuple.of(2, value(depth - 1).map(inner -> "{\"a\":" + inner + ",\"mode\":\"duel\"}")));
  }

  private static String nested(int depth) {
    return "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
  }

  private static String quoted(String text) {
    String json = JsonObject.of("text", text).encode();
    return json.substring("{\"text\":".length(), json.length() - 1);
  }
}
