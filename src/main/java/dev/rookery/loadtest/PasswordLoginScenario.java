package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Players sign in with their passwords, all at once, and when the last one is in, all again.
 * Hashing a password is dear on purpose; what is asked for is whether others notice: one who reads
 * his profile at a steady pace, before they come and then beside them, waits how much longer?
 */
final class PasswordLoginScenario implements Scenario {
  private static final String PASSWORD = "correct horse battery staple";
  private static final long READ_EVERY_MS = 5;
  private static final int UNDER_WAY_MAX = 1_000;
  private static final int REGISTERING = 8;
  private static final int OCTET = 250;
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final ScenarioContext stage;
  private final Histogram alone = new Histogram(LONGEST_NANOS, 3);
  private final Histogram beside = new Histogram(LONGEST_NANOS, 3);
  private Histogram now = new Histogram(LONGEST_NANOS, 3);
  private int underWay;
  private int wave;
  private boolean over;

  PasswordLoginScenario(ScenarioContext stage) {
    this.stage = stage;
  }

  @Override
  public String unit() {
    return "sign-ins";
  }

  @Override
  public Future<Void> run() {
    return BoundedConcurrency.each(players(), REGISTERING, this::register)
        .compose(_ -> BoundedConcurrency.signIn(stage, "reader", 1))
        .compose(readers -> read(readers.getFirst()));
  }

  private Future<Void> read(LoadTestUser reader) {
    ApiClient caller = stage.caller(reader.node());
    long timer = stage.vertx().setPeriodic(READ_EVERY_MS, _ -> look(caller, reader.token()));
    return stage
        .warmUp()
        .compose(_ -> reading(alone))
        .compose(
            _ -> {
              Future<Void> waves = wave();
              stage.begin();
              return reading(beside)
                  .compose(
                      _ -> {
                        stage.end();
                        over = true;
                        stage.vertx().cancelTimer(timer);
                        return waves;
                      });
            });
  }

  private Future<Void> reading(Histogram times) {
    now = times;
    return stage.seconds(stage.number(LoadParameter.SECONDS));
  }

  private void look(ApiClient caller, String token) {
    if (underWay >= UNDER_WAY_MAX) {
      stage.figures().failed("the profile is not shown in time");
      return;
    }
    underWay++;
    Histogram times = now;
    long start = stage.now();
    caller
        .get("/api/v1/me", token)
        .onComplete(
            answer -> {
              underWay--;
              times.recordValue(Math.min(LONGEST_NANOS, stage.now() - start));
              if (answer.failed()) {
                stage.figures().failed(answer.cause());
              }
            });
  }

  /** Until it is over. */
  private Future<Void> wave() {
    Promise<Void> ended = Promise.promise();
    wave++;
    BoundedConcurrency.each(players(), players(), this::signIn)
        .onComplete(
            all -> {
              if (all.failed()) {
                stage.figures().failed(all.cause());
              }
              if (over || all.failed()) {
                ended.complete();
              } else {
                wave().onComplete(ended);
              }
            });
    return ended.future();
  }

  private Future<JsonObject> signIn(int player) {
    long start = stage.now();
    return stage
        .caller(stage.node())
        .within(TimeUnit.NANOSECONDS.toMillis(LONGEST_NANOS))
        .from(address(player))
        .call(HttpMethod.POST, "/api/v1/login", null, credentials(player))
        .onSuccess(_ -> stage.figures().unit(stage.now() - start));
  }

  private Future<JsonObject> register(int player) {
    return stage
        .caller(stage.node())
        .from(address(player))
        .call(HttpMethod.POST, "/api/v1/register", null, credentials(player));
  }

  private JsonObject credentials(int player) {
    String email = stage.device(Integer.toString(player)) + "@example.com";
    return JsonObject.of("email", email, "password", PASSWORD);
  }

  /** Nobody is at the same place as another, nor where he was: an address may try only so often. */
  private String address(int player) {
    return "10.%d.%d.%d".formatted(wave % OCTET, player / OCTET, player % OCTET);
  }

  private int players() {
    return stage.number(LoadParameter.CONNECTIONS);
  }

  @Override
  public List<String> notes() {
    return List.of(
        ScenarioContext.line(
            "profile p99: %.2f ms alone, %.2f ms beside them, %.2f times as long",
            millis(alone), millis(beside), millis(beside) / millis(alone)),
        ScenarioContext.line("the times are of sign-ins, %,d at once", players()));
  }

  private static double millis(Histogram times) {
    return times.getValueAtPercentile(99) / 1e6;
  }
}
