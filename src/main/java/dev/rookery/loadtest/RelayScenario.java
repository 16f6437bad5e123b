package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rooms of the relay with two players each: the one says something, the other says it back, over
 * and over. With several nodes the two of a room are at different ones.
 */
final class RelayScenario implements Scenario {
  private static final String PATH = "/ws";
  private static final int BYTES = 64;
  private static final long MEET_AGAIN_MS = 200;
  private static final byte[] MEET = "\"s\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] SAY = "\"m\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MEETING = frame("s");
  private static final byte[] SAYING = frame("m");

  private final ScenarioContext stage;
  private final LoadMetrics figures;
  private final List<Pair> pairs = new ArrayList<>();
  private boolean playing;
  private int underWay;

  RelayScenario(ScenarioContext stage) {
    this.stage = stage;
    this.figures = stage.figures();
  }

  /** In the shape that our sockets read, though the relay does not care. */
  private static byte[] frame(String event) {
    String text = "[null,null,\"r\",\"" + event + "\",{\"x\":\"\"}]";
    return ClientFrames.text(
        text.replace("\"\"}", "\"" + "x".repeat(BYTES - text.length()) + "\"}"));
  }

  @Override
  public String unit() {
    return "round trips";
  }

  @Override
  public Future<Void> run() {
    int count = stage.number(LoadParameter.PAIRS);
    return BoundedConcurrency.each(count, stage.number(LoadParameter.OPENING), this::open)
        .compose(_ -> Future.all(pairs.stream().map(Pair::met).toList()))
        .compose(
            _ -> {
              playing = true;
              pairs.forEach(Pair::say);
              return stage.warmUp();
            })
        .compose(_ -> stage.measure())
        .compose(
            _ -> {
              playing = false;
              return EventLoopPoll.until(stage, () -> underWay == 0)
                  .onFailure(_ -> figures.gap(underWay))
                  .otherwiseEmpty();
            });
  }

  private Future<Void> open(int number) {
    var pair = new Pair();
    pairs.add(pair);
    String room = stage.device("room-" + number);
    return stage
        .sockets()
        .openAt(stage.node(), PATH, pair::heardByFirst)
        .compose(
            first -> {
              first.send("* " + room + "_1");
              pair.first = first;
              return stage.sockets().openAt(stage.node(), PATH, pair::heardBySecond);
            })
        .onSuccess(
            second -> {
              second.send("* " + room + "_0");
              pair.second = second;
              pair.meet();
            })
        .mapEmpty();
  }

  @Override
  public List<String> notes() {
    return List.of(
        ScenarioContext.line(
            "%,d rooms of two, frames of %d bytes; %.1f frames a read",
            pairs.size(), BYTES, figures.framesARead()));
  }

  private final class Pair {
    private final Promise<Void> met = Promise.promise();
    private @Nullable ClientSocket first;
    private @Nullable ClientSocket second;
    private long saidAt;

    Future<Void> met() {
      return met.future();
    }

    /** What is said before both sit is dropped. */
    void meet() {
      if (!met.future().isComplete() && first != null) {
        first.write(MEETING);
        stage.millis(MEET_AGAIN_MS).onSuccess(_ -> meet());
      }
    }

    void say() {
      if (first != null) {
        underWay++;
        saidAt = stage.now();
        first.write(SAYING);
      }
    }

    void heardBySecond(PhoenixMessage pushed) {
      if (second != null && pushed.isEvent(SAY)) {
        second.write(SAYING);
      } else if (second != null && pushed.isEvent(MEET)) {
        second.write(MEETING);
      }
    }

    void heardByFirst(PhoenixMessage pushed) {
      if (pushed.isEvent(SAY)) {
        underWay--;
        figures.unit(stage.now() - saidAt);
        if (playing) {
          say();
        }
      } else if (pushed.isEvent(MEET)) {
        met.tryComplete();
      }
    }
  }
}
