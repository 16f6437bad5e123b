package dev.rookery.loadtest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Relay rooms with two players each: one sends a message, the other sends it back, repeatedly. With
 * several nodes the two players of a room are connected to different ones.
 */
final class RelayScenario implements Scenario {
  private static final String PATH = "/ws";
  private static final int BYTES = 64;
  private static final long MEET_INTERVAL_MS = 200;
  private static final byte[] MEET_EVENT = "\"s\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MESSAGE_EVENT = "\"m\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] MEET_FRAME = frame("s");
  private static final byte[] MESSAGE_FRAME = frame("m");

  private final ScenarioContext context;
  private final LoadMetrics metrics;
  private final List<Pair> pairs = new ArrayList<>();
  private boolean playing;
  private int inFlight;

  RelayScenario(ScenarioContext context) {
    this.context = context;
    this.metrics = context.metrics();
  }

  /** In the format that the client sockets read, though the relay does not care. */
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
    int count = context.number(LoadParameter.PAIRS);
    return BoundedConcurrency.forEach(count, context.number(LoadParameter.OPENING), this::open)
        .compose(_ -> Future.all(pairs.stream().map(Pair::met).toList()))
        .compose(
            _ -> {
              playing = true;
              pairs.forEach(Pair::sendMessage);
              return context.warmUp();
            })
        .compose(_ -> context.measure())
        .compose(
            _ -> {
              playing = false;
              return context.drain(() -> inFlight);
            });
  }

  private Future<Void> open(int number) {
    var pair = new Pair();
    pairs.add(pair);
    String room = context.device("room-" + number);
    return context
        .sockets()
        .openAt(context.node(), PATH, pair::receivedByFirst)
        .compose(
            first -> {
              first.send("* " + room + "_1");
              pair.first = first;
              return context.sockets().openAt(context.node(), PATH, pair::receivedBySecond);
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
            "%,d rooms of two, frames of %d bytes; %.1f frames per read",
            pairs.size(), BYTES, metrics.framesPerRead()));
  }

  private final class Pair {
    private final Promise<Void> met = Promise.promise();
    private @Nullable ClientSocket first;
    private @Nullable ClientSocket second;
    private long sentAt;

    Future<Void> met() {
      return met.future();
    }

    /** Sends until both are seated; what is sent before is dropped. */
    void meet() {
      if (!met.future().isComplete() && first != null) {
        first.write(MEET_FRAME);
        context.millis(MEET_INTERVAL_MS).onSuccess(_ -> meet());
      }
    }

    void sendMessage() {
      if (first != null) {
        inFlight++;
        sentAt = context.now();
        first.write(MESSAGE_FRAME);
      }
    }

    void receivedBySecond(PhoenixMessage message) {
      if (second != null && message.isEvent(MESSAGE_EVENT)) {
        second.write(MESSAGE_FRAME);
      } else if (second != null && message.isEvent(MEET_EVENT)) {
        second.write(MEET_FRAME);
      }
    }

    void receivedByFirst(PhoenixMessage message) {
      if (message.isEvent(MESSAGE_EVENT)) {
        inFlight--;
        metrics.unit(context.now() - sentAt);
        if (playing) {
          sendMessage();
        }
      } else if (message.isEvent(MEET_EVENT)) {
        met.tryComplete();
      }
    }
  }
}
