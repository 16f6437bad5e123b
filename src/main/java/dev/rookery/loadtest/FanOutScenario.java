package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One lobby with many spectators and one member who sends messages: at a fixed rate, or as many as
 * possible with a bounded number in flight. A message is done when it is acknowledged and every
 * spectator has it. A delivery's time is measured from the moment the message was due.
 */
final class FanOutScenario implements Scenario {
  private static final int REQUESTS_MAX = 1_024;

  private final ScenarioContext context;
  private final LoadMetrics metrics;
  private final int followers;
  private final int bytes;
  private final int rate;
  private final long outstandingMax;

  private @Nullable LoadTestUser sender;
  private long lobby;
  private boolean sending;
  private int requestsInFlight;
  private long outstanding;
  private int frameBytes;

  FanOutScenario(ScenarioContext context) {
    this.context = context;
    this.metrics = context.metrics();
    this.followers = context.number(LoadParameter.FOLLOWERS);
    this.bytes = context.number(LoadParameter.BYTES);
    this.rate = context.number(LoadParameter.RATE);
    this.outstandingMax = (long) context.number(LoadParameter.IN_FLIGHT) * followers;
  }

  @Override
  public String unit() {
    return "deliveries";
  }

  @Override
  public Future<Void> run() {
    return LoadTestUser.signIn(context, context.node(), context.device("speaker"))
        .compose(this::createLobby)
        .compose(_ -> BoundedConcurrency.signIn(context, "follower", followers))
        .compose(
            people ->
                BoundedConcurrency.join(
                    context,
                    people,
                    context.number(LoadParameter.OPENING),
                    _ -> topic(),
                    _ -> new Spectator(new StreamOrderCheck(metrics))))
        .compose(
            _ -> {
              sending = true;
              startSending();
              return context.warmUp();
            })
        .compose(_ -> context.measure())
        .compose(_ -> drain());
  }

  private Future<Void> createLobby(LoadTestUser user) {
    sender = user;
    return context
        .client(user.node())
        .post("/api/v1/lobbies", user.token(), JsonObject.of("title", "load", "max_users", 2))
        .onSuccess(created -> lobby = created.getLong("id"))
        .mapEmpty();
  }

  private String topic() {
    return "lobby:" + lobby;
  }

  private void startSending() {
    if (rate == 0) {
      fill();
      return;
    }
    long start = context.now();
    var sent = new long[1];
    context
        .vertx()
        .setPeriodic(
            1,
            timer -> {
              if (!sending) {
                context.vertx().cancelTimer(timer);
                return;
              }
              while (start + sent[0] * 1_000_000_000L / rate <= context.now()) {
                send(start + sent[0]++ * 1_000_000_000L / rate);
              }
            });
  }

  private void fill() {
    while (sending
        && rate == 0
        && requestsInFlight < REQUESTS_MAX
        && outstanding + followers <= outstandingMax) {
      send(context.now());
    }
  }

  private void send(long dueNanos) {
    LoadTestUser from = sender;
    if (from == null) {
      return;
    }
    if (requestsInFlight >= REQUESTS_MAX) {
      metrics.failed("the rate is higher than the server answers");
      return;
    }
    requestsInFlight++;
    outstanding += followers;
    var message =
        JsonObject.of(
            "chat_type",
            "lobby",
            "chat_ref_id",
            lobby,
            "content",
            MessageContent.write(dueNanos, 0, bytes));
    context
        .client(from.node())
        .post("/api/v1/chat/messages", from.token(), message)
        .onComplete(
            answered -> {
              requestsInFlight--;
              if (answered.failed()) {
                outstanding -= followers;
                metrics.failed(answered.cause());
                if (metrics.errors() > 100) {
                  sending = false;
                }
              }
              fill();
            });
  }

  /**
   * Waits until all deliveries have arrived; those that do not arrive in time are counted as lost.
   */
  private Future<Void> drain() {
    sending = false;
    return EventLoopPoll.until(context, () -> requestsInFlight == 0 && outstanding == 0)
        .onFailure(_ -> metrics.gap(outstanding))
        .otherwiseEmpty();
  }

  @Override
  public List<String> notes() {
    return List.of(
        ScenarioContext.line(
            "%,.0f messages/s to %,d spectators of one lobby, %,d bytes of JSON each;"
                + " %.1f frames per read",
            metrics.perSecond() / followers, followers, frameBytes, metrics.framesPerRead()));
  }

  /** One spectator's socket. */
  private final class Spectator implements ClientSocket.Listener {
    private final StreamOrderCheck order;

    Spectator(StreamOrderCheck order) {
      this.order = order;
    }

    @Override
    public void receive(PhoenixMessage message) {
      order.receive(message);
      if (message.isEvent(ChatScenario.MESSAGE)) {
        metrics.unit(context.now() - MessageContent.due(message));
        frameBytes = message.size();
        if (--outstanding + followers <= outstandingMax) {
          fill();
        }
      }
    }
  }
}
