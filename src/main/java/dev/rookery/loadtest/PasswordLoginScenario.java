package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Players sign in with passwords, all at once, and again when the last one is signed in. Hashing a
 * password is expensive on purpose; measured is whether others notice: how much longer a profile is
 * read at a steady rate during the sign-ins than before.
 */
final class PasswordLoginScenario implements Scenario {
  private static final String PASSWORD = "correct horse battery staple";
  private static final long READ_INTERVAL_MS = 5;
  private static final int IN_FLIGHT_MAX = 1_000;
  private static final int REGISTRATIONS_MAX = 8;
  private static final int OCTET = 250;
  private static final long TIME_MAX_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final ScenarioContext context;
  private final Histogram before = new Histogram(TIME_MAX_NANOS, 3);
  private final Histogram during = new Histogram(TIME_MAX_NANOS, 3);
  private final Promise<Void> allRead = Promise.promise();
  private Histogram current = new Histogram(TIME_MAX_NANOS, 3);
  private int inFlight;
  private int round;
  private boolean stopped;

  PasswordLoginScenario(ScenarioContext context) {
    this.context = context;
  }

  @Override
  public String unit() {
    return "sign-ins";
  }

  @Override
  public Future<Void> run() {
    return BoundedConcurrency.forEach(players(), REGISTRATIONS_MAX, this::register)
        .compose(_ -> BoundedConcurrency.signIn(context, "reader", 1))
        .compose(readers -> read(readers.getFirst()));
  }

  private Future<Void> read(LoadTestUser reader) {
    ApiClient client = context.client(reader.node());
    long timer =
        context.vertx().setPeriodic(READ_INTERVAL_MS, _ -> readProfile(client, reader.token()));
    return context
        .warmUp()
        .compose(_ -> measure(before))
        .compose(
            _ -> {
              Future<Void> rounds = round();
              context.begin();
              return measure(during)
                  .compose(
                      _ -> {
                        context.end();
                        stopped = true;
                        context.vertx().cancelTimer(timer);
                        completeReads();
                        // The clients close after this, and with them what is still in flight.
                        return rounds.compose(_ -> allRead.future());
                      });
            });
  }

  private Future<Void> measure(Histogram times) {
    current = times;
    return context.seconds(context.number(LoadParameter.SECONDS));
  }

  private void readProfile(ApiClient client, String token) {
    if (inFlight >= IN_FLIGHT_MAX) {
      context.metrics().failed("too many profile requests are in flight");
      return;
    }
    inFlight++;
    Histogram times = current;
    long start = context.now();
    client
        .get("/api/v1/me", token)
        .onComplete(
            answer -> {
              inFlight--;
              times.recordValue(Math.min(TIME_MAX_NANOS, context.now() - start));
              if (answer.failed()) {
                context.metrics().failed(answer.cause());
              }
              completeReads();
            });
  }

  private void completeReads() {
    if (stopped && inFlight == 0) {
      allRead.tryComplete();
    }
  }

  /** Signs in all players repeatedly, until the measurement is over. */
  private Future<Void> round() {
    Promise<Void> ended = Promise.promise();
    round++;
    BoundedConcurrency.forEach(players(), players(), this::signIn)
        .onComplete(
            all -> {
              if (all.failed()) {
                context.metrics().failed(all.cause());
              }
              if (stopped || all.failed()) {
                ended.complete();
              } else {
                round().onComplete(ended);
              }
            });
    return ended.future();
  }

  private Future<JsonObject> signIn(int player) {
    long start = context.now();
    return context
        .client(context.node())
        .withTimeout(TimeUnit.NANOSECONDS.toMillis(TIME_MAX_NANOS))
        .forwardedFor(address(player))
        .call(HttpMethod.POST, "/api/v1/login", null, credentials(player))
        .onSuccess(_ -> context.metrics().unit(context.now() - start));
  }

  private Future<JsonObject> register(int player) {
    return context
        .client(context.node())
        .forwardedFor(address(player))
        .call(HttpMethod.POST, "/api/v1/register", null, credentials(player));
  }

  private JsonObject credentials(int player) {
    String email = context.device(Integer.toString(player)) + "@example.com";
    return JsonObject.of("email", email, "password", PASSWORD);
  }

  /**
   * A different client address for each player and each round, because attempts per address are
   * limited.
   */
  private String address(int player) {
    return "10.%d.%d.%d".formatted(round % OCTET, player / OCTET, player % OCTET);
  }

  private int players() {
    return context.number(LoadParameter.CONNECTIONS);
  }

  @Override
  public List<String> notes() {
    return List.of(
        ScenarioContext.line(
            "profile p99: %.2f ms before, %.2f ms during the sign-ins, ratio %.2f",
            millis(before), millis(during), millis(during) / millis(before)),
        ScenarioContext.line("times are of sign-ins, %,d at once", players()));
  }

  private static double millis(Histogram times) {
    return times.getValueAtPercentile(99) / 1e6;
  }
}
