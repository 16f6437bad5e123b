package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Pairs of online friends who write to each other: each sends the next message when the last one is
 * acknowledged and the friend has it. With several nodes the two are connected to different ones.
 */
final class DirectScenario implements Scenario {
  private static final int PAIRS_CONCURRENT_MAX = 32;
  private static final long ERRORS_MAX = 1_000;

  private final ScenarioContext context;
  private final LoadMetrics metrics;
  private final int bytes;
  private final List<Sender> senders = new ArrayList<>();
  private boolean stopped;

  DirectScenario(ScenarioContext context) {
    this.context = context;
    this.metrics = context.metrics();
    this.bytes = context.number(LoadParameter.BYTES);
  }

  @Override
  public String unit() {
    return "messages";
  }

  @Override
  public Future<Void> run() {
    return BoundedConcurrency.forEach(
            context.number(LoadParameter.PAIRS), PAIRS_CONCURRENT_MAX, this::createPair)
        .compose(
            _ -> {
              senders.forEach(Sender::sendNext);
              return context.warmUp();
            })
        .compose(_ -> context.measure())
        .compose(_ -> drain());
  }

  private Future<Void> createPair(int number) {
    return BoundedConcurrency.signIn(context, "pair-" + number, 2)
        .compose(users -> createPair(users.getFirst(), users.getLast()));
  }

  private Future<Void> createPair(LoadTestUser one, LoadTestUser other) {
    return Friendships.make(context, one, other)
        .compose(
            _ ->
                BoundedConcurrency.join(
                    context, List.of(one, other), 2, LoadTestUser::userTopic, _ -> new Receiver()))
        .onSuccess(
            _ -> {
              senders.add(new Sender(senders.size(), one, other));
              senders.add(new Sender(senders.size(), other, one));
            })
        .mapEmpty();
  }

  private Future<Void> drain() {
    stopped = true;
    return context.drain(
        () -> senders.stream().mapToLong(sender -> Math.max(0, sender.outstanding)).sum());
  }

  @Override
  public List<String> notes() {
    return List.of(
        ScenarioContext.line(
            "%,d pairs of friends; %.1f frames per read",
            senders.size() / 2, metrics.framesPerRead()));
  }

  /** A player who sends one message after another to a friend. */
  private final class Sender {
    private static final int PARTS = 3;

    private final int number;
    private final LoadTestUser user;
    private final LoadTestUser friend;
    private final ApiClient client;
    private long due;
    private int outstanding;

    Sender(int number, LoadTestUser user, LoadTestUser friend) {
      this.number = number;
      this.user = user;
      this.friend = friend;
      this.client = context.client(user.node());
    }

    void sendNext() {
      if (stopped || metrics.errors() > ERRORS_MAX) {
        return;
      }
      due = context.now();
      // The acknowledgement, and a push to each of the two.
      outstanding = PARTS;
      var message =
          JsonObject.of(
              "chat_type",
              "friend",
              "chat_ref_id",
              friend.id(),
              "content",
              MessageContent.write(due, number, bytes));
      client
          .post("/api/v1/chat/messages", user.token(), message)
          .onComplete(
              answered -> {
                if (answered.failed()) {
                  metrics.failed(answered.cause());
                  sendNext();
                } else {
                  countDown();
                }
              });
    }

    void countDown() {
      if (--outstanding == 0) {
        metrics.unit(context.now() - due);
        sendNext();
      }
    }
  }

  /** A player who receives the messages of one conversation, their own included. */
  private final class Receiver implements ClientSocket.Listener {
    private final StreamOrderCheck order = new StreamOrderCheck(metrics);

    @Override
    public void receive(PhoenixMessage message) {
      order.receive(message);
      if (message.isEvent(ChatScenario.MESSAGE)) {
        senders.get(MessageContent.number(message)).countDown();
      }
    }
  }
}
