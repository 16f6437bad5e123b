package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;

/**
 * Submissions to, or reads of, one large leaderboard. The board is filled first, over HTTP; one
 * that an earlier run has filled is used again. Most of its records are of labels, which need no
 * account.
 *
 * <p>Only an admin may submit: the scenario signs in with {@link #ADMIN_DEVICE}, whose player must
 * be an admin. The first player of a new server is.
 */
final class LeaderboardScenario implements Scenario {
  static final String ADMIN_DEVICE = "load-leaderboard-admin";

  private static final String BOARDS = "/api/v1/leaderboards/";
  private static final String ADMIN = "/api/v1/admin/leaderboards";
  private static final int PLAYERS_MAX = 2_000;
  private static final int FILL_CONCURRENCY = 256;
  private static final int FILL_PART = 50_000;
  private static final int SCORE_MAX = 1_000_000;

  private final ScenarioContext context;
  private final BiFunction<ApiClient, LeaderboardScenario, RequestSequence> sequences;
  private final Random random = new Random(1);
  private String token = "";
  private String board = "";
  private List<Long> players = List.of();
  private int labels;

  /**
   * @param sequences the requests of a connection
   */
  LeaderboardScenario(
      ScenarioContext context,
      BiFunction<ApiClient, LeaderboardScenario, RequestSequence> sequences) {
    this.context = context;
    this.sequences = sequences;
  }

  @Override
  public String unit() {
    return "requests";
  }

  @Override
  public Future<Void> run() {
    var requests = new RequestScenario(context, (client, _) -> sequences.apply(client, this));
    return prepare().compose(_ -> requests.run());
  }

  @Override
  public List<String> notes() {
    return List.of(
        ScenarioContext.line(
            "a board of %,d records, %,d of them of players",
            context.number(LoadParameter.RECORDS), players.size()));
  }

  private Future<Void> prepare() {
    int records = context.number(LoadParameter.RECORDS);
    String slug = "load_" + records;
    ApiClient client = context.client(context.node());
    int playerCount = Math.min(PLAYERS_MAX, Math.max(1, records / 2));
    labels = records - playerCount;
    return signIn(client)
        .compose(
            _ -> client.post(BOARDS + "resolve", "", JsonObject.of("slugs", JsonArray.of(slug))))
        .compose(
            found -> {
              JsonObject known = found.getJsonObject("data").getJsonObject(slug);
              return known != null
                  ? Future.succeededFuture(known)
                  : client
                      .post(
                          ADMIN,
                          token,
                          JsonObject.of("slug", slug, "title", "Load", "operator", "set"))
                      .map(created -> created.getJsonObject("data"));
            })
        .compose(
            found -> {
              board = found.getLong("id").toString();
              return signInPlayers(playerCount);
            })
        .compose(_ -> client.get(BOARDS + board + "/records?page_size=1", ""))
        .compose(
            first -> {
              long filled = first.getJsonObject("meta").getLong("total_count");
              return filled >= records ? Future.succeededFuture() : fill(0);
            });
  }

  /** Players with the same devices in every run, so that their records are found again. */
  private Future<Void> signInPlayers(int count) {
    return BoundedConcurrency.forEach(
            count,
            FILL_CONCURRENCY,
            i ->
                context
                    .client(context.node())
                    .call(
                        HttpMethod.POST,
                        "/api/v1/login/device",
                        null,
                        JsonObject.of("device_id", "load-leaderboard-" + i))
                    .map(answer -> answer.getJsonObject("data").getLong("user_id")))
        .onSuccess(ids -> players = new ArrayList<>(ids))
        .mapEmpty();
  }

  /** Fills the board from a record on, and signs in anew from time to time: tokens expire. */
  private Future<Void> fill(int from) {
    int count = Math.min(FILL_PART, labels + players.size() - from);
    if (count <= 0) {
      return Future.succeededFuture();
    }
    ApiClient client = context.client(context.node());
    return signIn(client)
        .compose(
            _ ->
                BoundedConcurrency.forEach(
                    count,
                    FILL_CONCURRENCY,
                    i ->
                        client
                            .post(ADMIN + "/" + board + "/records", token, submission(from + i))
                            .<Void>mapEmpty()))
        .compose(_ -> fill(from + count));
  }

  private Future<Void> signIn(ApiClient client) {
    return RequestSequence.signIn(client, ADMIN_DEVICE)
        .onSuccess(signedIn -> token = signedIn)
        .mapEmpty();
  }

  /** A random score of the record with that number; players come first. */
  private JsonObject submission(int number) {
    var body = new JsonObject().put("score", random.nextInt(SCORE_MAX));
    return number < players.size()
        ? body.put("user_id", players.get(number))
        : body.put("label", "label " + (number - players.size()));
  }

  /** Sets the score of a random record. */
  static final class Submit implements RequestSequence {
    private final ApiClient client;
    private final LeaderboardScenario scenario;

    Submit(ApiClient client, LeaderboardScenario scenario) {
      this.client = client;
      this.scenario = scenario;
    }

    @Override
    public Future<Void> prepare() {
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> runOnce() {
      int record = scenario.random.nextInt(scenario.labels + scenario.players.size());
      return client
          .post(
              ADMIN + "/" + scenario.board + "/records",
              scenario.token,
              scenario.submission(record))
          .mapEmpty();
    }
  }

  /** Reads the 25 best records. */
  static final class Top implements RequestSequence {
    private final ApiClient client;
    private final LeaderboardScenario scenario;

    Top(ApiClient client, LeaderboardScenario scenario) {
      this.client = client;
      this.scenario = scenario;
    }

    @Override
    public Future<Void> prepare() {
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> runOnce() {
      return client.get(BOARDS + scenario.board + "/records", "").mapEmpty();
    }
  }

  /** Reads the 11 records around a random player. */
  static final class Around implements RequestSequence {
    private final ApiClient client;
    private final LeaderboardScenario scenario;

    Around(ApiClient client, LeaderboardScenario scenario) {
      this.client = client;
      this.scenario = scenario;
    }

    @Override
    public Future<Void> prepare() {
      return Future.succeededFuture();
    }

    @Override
    public Future<Void> runOnce() {
      Long player = scenario.players.get(scenario.random.nextInt(scenario.players.size()));
      return client.get(BOARDS + scenario.board + "/records/around/" + player, "").mapEmpty();
    }
  }
}
