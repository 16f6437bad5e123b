package dev.rookery.match;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rookery.base.FatalErrors;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Done;
import dev.rookery.trace.RemoteSpans;
import dev.rookery.trace.RemoteTrace;
import dev.rookery.trace.Span;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the commands of a room to the node that owns it, and its answers back. The bus may lose
 * either, so a caller that gets no answer asks again; commands whose repetition would do harm carry
 * an id.
 */
final class RoomForwarder {
  private static final Logger LOG = LoggerFactory.getLogger(RoomForwarder.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  /** How long a caller waits whom a limit of the owner refuses; the bus does not tell. */
  private static final Duration LIMITED_FOR = Duration.ofMinutes(1);

  private static final String ADDRESS = "match/";

  private static final String ID = "id";
  private static final String FROM = "from";
  private static final String ASK = "ask";
  private static final String ANSWER = "answer";
  private static final String REFUSED = "refused";
  private static final String UNAVAILABLE = Refusal.Unavailable.class.getSimpleName();
  private static final String BODY = "body";
  private static final String REQUEST = "request";
  private static final String DONE = "Done";

  /** In a question whether its sender traces it; in the answer the spans. */
  private static final String TRACE = "trace";

  private static final List<Class<?>> ANSWERS =
      List.of(
          MatchCommand.LobbyJoined.class,
          MatchCommand.MatchJoined.class,
          MatchCommand.ActResult.class,
          MatchView.class);

  private final Bus bus;
  private final String node;
  private final Map<String, Class<?>> commands = new HashMap<>();
  private final Map<String, Class<?>> answers = new HashMap<>();
  private final AtomicLong lastId = new AtomicLong(ThreadLocalRandom.current().nextInt());
  private final Map<Long, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();
  private final ObjectMapper json =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /**
   * @param node the name of this node
   */
  RoomForwarder(Bus bus, String node) {
    this.bus = bus;
    this.node = node;
    for (Class<?> type : MatchCommand.InRoom.class.getPermittedSubclasses()) {
      commands.put(type.getSimpleName(), type);
    }
    ANSWERS.forEach(type -> answers.put(type.getSimpleName(), type));
  }

  /**
   * Serves the commands that other nodes send, on virtual threads.
   *
   * @param serve gets a command and its id, as in {@link Room#carryOut}
   */
  Future<Void> listen(BiFunction<MatchCommand.InRoom<?>, @Nullable String, Object> serve) {
    return bus.listen(
        ADDRESS + node, frame -> Thread.startVirtualThread(() -> receive(frame, serve)));
  }

  /**
   * Asks the owner; blocks the virtual thread. Null if it does not answer in time, or is not the
   * owner; throws what the owner refused.
   *
   * @param request as in {@link Room#carryOut}
   */
  @Nullable Object ask(String owner, MatchCommand.InRoom<?> command, @Nullable String request) {
    long id = lastId.incrementAndGet();
    var answer = new CompletableFuture<JsonNode>();
    Span caller = Span.current();
    Span span = caller == null ? null : caller.begin(Span.Kind.REMOTE, owner + " " + name(command));
    var outcome = Span.Outcome.FAILED;
    waiting.put(id, answer);
    try {
      var message = new HashMap<String, Object>();
      message.put(ID, id);
      message.put(FROM, node);
      message.put(ASK, name(command));
      message.put(BODY, command);
      if (request != null) {
        message.put(REQUEST, request);
      }
      if (span != null) {
        message.put(TRACE, true);
      }
      send(owner, message);
      JsonNode answered = answer.get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
      outcome = outcome(answered);
      if (span != null && answered.has(TRACE)) {
        adopt(span, answered.get(TRACE));
      }
      return decode(answered);
    } catch (TimeoutException late) {
      LOG.debug("node {} did not answer for a room in time", owner, late);
      return null;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new Refused(new Refusal.Unavailable("not_serving"));
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    } finally {
      waiting.remove(id);
      if (span != null) {
        span.end(outcome);
      }
    }
  }

  private static Span.Outcome outcome(JsonNode answered) {
    if (!answered.has(REFUSED)) {
      return Span.Outcome.DONE;
    }
    boolean failed = answered.get(REFUSED).asText().equals(UNAVAILABLE);
    return failed ? Span.Outcome.FAILED : Span.Outcome.REFUSED;
  }

  private static String name(MatchCommand.InRoom<?> command) {
    return command.getClass().getSimpleName();
  }

  private void adopt(Span span, JsonNode spans) {
    try {
      span.adopt(json.treeToValue(spans, RemoteSpans.class));
    } catch (IOException | IllegalArgumentException other) {
      LOG.debug("a node of another version has sent unknown spans", other);
    }
  }

  private void send(String to, Map<String, ?> message) {
    try {
      bus.broadcast(ADDRESS + to, Buffer.buffer(json.writeValueAsBytes(message)));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private @Nullable Object decode(JsonNode message) {
    JsonNode refused = message.get(REFUSED);
    if (refused != null) {
      Refusal refusal = refusal(refused.asText(), message.get(BODY).asText());
      if (refusal.code().equals(RoomStore.NOT_OWNER)) {
        return null;
      }
      throw new Refused(refusal);
    }
    String type = message.get(ANSWER).asText();
    return type.equals(DONE) ? Done.DONE : read(answers.get(type), message.get(BODY));
  }

  private Object read(@Nullable Class<?> type, JsonNode body) {
    if (type == null) {
      throw new IllegalStateException("a node of another version has sent an unknown message");
    }
    try {
      return json.treeToValue(body, type);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static Refusal refusal(String kind, String code) {
    return switch (kind) {
      case "Missing" -> new Refusal.Missing(code);
      case "Denied" -> new Refusal.Denied(code);
      case "Conflict" -> new Refusal.Conflict(code);
      case "Limited" -> new Refusal.Limited(code, LIMITED_FOR);
      default -> new Refusal.Unavailable(code);
    };
  }

  private void receive(
      Buffer frame, BiFunction<MatchCommand.InRoom<?>, @Nullable String, Object> serve) {
    try {
      JsonNode message = json.readTree(frame.getBytes());
      long id = message.get(ID).asLong();
      if (message.has(ASK)) {
        var command =
            (MatchCommand.InRoom<?>)
                read(commands.get(message.get(ASK).asText()), message.get(BODY));
        JsonNode request = message.get(REQUEST);
        String by = request == null ? null : request.asText();
        Supplier<Map<String, ?>> answer = () -> answer(id, () -> serve.apply(command, by), command);
        send(
            message.get(FROM).asText(),
            message.has(TRACE) ? traced(name(command), answer) : answer.get());
      } else {
        CompletableFuture<JsonNode> asked = waiting.get(id);
        if (asked != null) {
          asked.complete(message);
        }
      }
    } catch (IOException | RuntimeException broken) {
      LOG.error("a message about a room could not be handled", broken);
    }
  }

  private static Map<String, ?> traced(String name, Supplier<Map<String, ?>> work) {
    var trace = new RemoteTrace(name);
    var answer = new HashMap<String, Object>(trace.carryOut(work));
    answer.put(TRACE, trace.end());
    return answer;
  }

  private static Map<String, ?> answer(
      long id, Supplier<Object> serve, MatchCommand.InRoom<?> command) {
    try {
      Object answer = serve.get();
      String type = answer instanceof Done ? DONE : answer.getClass().getSimpleName();
      return Map.of(ID, id, ANSWER, type, BODY, answer);
    } catch (Refused refused) {
      Refusal refusal = refused.refusal();
      return Map.of(ID, id, REFUSED, refusal.getClass().getSimpleName(), BODY, refusal.code());
    } catch (RuntimeException | Error broken) {
      FatalErrors.endIfFatal(broken);
      LOG.error("{} failed", name(command), broken);
      return Map.of(ID, id, REFUSED, UNAVAILABLE, BODY, "internal");
    }
  }
}
