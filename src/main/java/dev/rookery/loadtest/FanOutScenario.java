package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One lobby with many spectators and one member who talks: either at a rate, or as much as goes
 * through with a bounded number of messages under way, where a message is over when it was
 * acknowledged and everybody has it. A delivery's time runs from the moment the message was due.
 */
final class FanOutScenario implements Scenario {
  private static final int POSTING_MAX = 1_024;

  private final ScenarioContext stage;
  private final LoadMetrics figures;
  private final int followers;
  private final int bytes;
  private final int rate;
  private final long owedMax;

  private @Nullable LoadTestUser speaker;
  private long lobby;
  private boolean talking;
  private int posting;
  private long owed;
  private int frameBytes;

  FanOutScenario(ScenarioContext stage) {
    this.stage = stage;
    this.figures = stage.figures();
    this.followers = stage.number(LoadParameter.FOLLOWERS);
    this.bytes = stage.number(LoadParameter.BYTES);
    this.rate = stage.number(LoadParameter.RATE);
    this.owedMax = (long) stage.number(LoadParameter.IN_FLIGHT) * followers;
  }

  @Override
  public String unit() {
    return "deliveries";
  }

  @Override
  public Future<Void> run() {
    return LoadTestUser.signIn(stage, stage.node(), stage.device("speaker"))
        .compose(this::open)
        .compose(_ -> BoundedConcurrency.signIn(stage, "follower", followers))
        .compose(
            people ->
                BoundedConcurrency.join(
                    stage,
                    people,
                    stage.number(LoadParameter.OPENING),
                    _ -> topic(),
                    _ -> new Spectator(new StreamOrderCheck(figures))))
        .compose(
            _ -> {
              talking = true;
              talk();
              return stage.warmUp();
            })
        .compose(_ -> stage.measure())
        .compose(_ -> quiet());
  }

  private Future<Void> open(LoadTestUser person) {
    speaker = person;
    return stage
        .caller(person.node())
        .post("/api/v1/lobbies", person.token(), JsonObject.of("title", "load", "max_users", 2))
        .onSuccess(opened -> lobby = opened.getLong("id"))
        .mapEmpty();
  }

  private String topic() {
    return "lobby:" + lobby;
  }

  private void talk() {
    if (rate == 0) {
      pump();
      return;
    }
    long start = stage.now();
    var said = new long[1];
    stage
        .vertx()
        .setPeriodic(
            1,
            timer -> {
              if (!talking) {
                stage.vertx().cancelTimer(timer);
                return;
              }
              while (start + said[0] * 1_000_000_000L / rate <= stage.now()) {
                say(start + said[0]++ * 1_000_000_000L / rate);
              }
            });
  }

  private void pump() {
    while (talking && rate == 0 && posting < POSTING_MAX && owed + followers <= owedMax) {
      say(stage.now());
    }
  }

  private void say(long due) {
    LoadTestUser by = speaker;
    if (by == null) {
      return;
    }
    if (posting >= POSTING_MAX) {
      figures.failed("the rate is more than the server answers");
      return;
    }
    posting++;
    owed += followers;
    var message =
        JsonObject.of(
            "chat_type",
            "lobby",
            "chat_ref_id",
            lobby,
            "content",
            MessageContent.write(due, 0, bytes));
    stage
        .caller(by.node())
        .post("/api/v1/chat/messages", by.token(), message)
        .onComplete(
            posted -> {
              posting--;
              if (posted.failed()) {
                owed -= followers;
                figures.failed(posted.cause());
                if (figures.errors() > 100) {
                  talking = false;
                }
              }
              pump();
            });
  }

  /** Until everybody has everything; what does not come within a while is lost. */
  private Future<Void> quiet() {
    talking = false;
    return EventLoopPoll.until(stage, () -> posting == 0 && owed == 0)
        .onFailure(_ -> figures.gap(owed))
        .otherwiseEmpty();
  }

  @Override
  public List<String> notes() {
    return List.of(
        ScenarioContext.line(
            "%,.0f messages/s to %,d spectators of one lobby, %,d bytes of JSON each;"
                + " %.1f frames a read",
            figures.perSecond() / followers, followers, frameBytes, figures.framesARead()));
  }

  /** On one socket. */
  private final class Spectator implements ClientSocket.Listener {
    private final StreamOrderCheck trail;

    Spectator(StreamOrderCheck trail) {
      this.trail = trail;
    }

    @Override
    public void hear(PhoenixMessage pushed) {
      trail.hear(pushed);
      if (pushed.isEvent(ChatScenario.MESSAGE)) {
        figures.unit(stage.now() - MessageContent.due(pushed));
        frameBytes = pushed.size();
        if (--owed + followers <= owedMax) {
          pump();
        }
      }
    }
  }
}
