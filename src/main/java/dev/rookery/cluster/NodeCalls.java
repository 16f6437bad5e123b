package dev.rookery.cluster;

import dev.rookery.bus.Bus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks all nodes of the cluster a question, and gathers the answers that arrive in time. A node
 * that does not answer is missing in the result; it is never taken for one with nothing to say. A
 * node that cannot answer, or that dies meanwhile, is not waited for.
 *
 * <p>Answers are at most {@value #ANSWER_BYTES_MAX} bytes long, and at most {@value #PENDING_MAX}
 * questions wait at a time.
 */
public final class NodeCalls {
  /** How long the others are waited for by a page. */
  public static final Duration WITHIN = Duration.ofSeconds(1);

  /** How long they are waited for when they are to do something, or for the answer of one alone. */
  public static final Duration LONG_WITHIN = Duration.ofSeconds(5);

  /** The maximum size of an answer. */
  public static final int ANSWER_BYTES_MAX = 1 << 19;

  static final int PENDING_MAX = 100;

  private static final Logger LOG = LoggerFactory.getLogger(NodeCalls.class);
  private static final String QUESTIONS = "node.questions";
  private static final String ANSWERS = "node.answers.";
  private static final String FAILURES = "node.failures.";
  private static final Duration LIVENESS_INTERVAL = Duration.ofMillis(250);

  /**
   * What nodes answered.
   *
   * @param byNode the answers by the name of the node
   * @param silent the names of those that did not answer
   * @param unaware the names of those among them that do not know the question, because they are
   *     starting or have another version
   */
  public record Answers(Map<String, JsonObject> byNode, List<String> silent, Set<String> unaware) {
    private static Answers of(
        Map<String, JsonObject> answers, Set<String> expected, Set<String> unaware) {
      return new Answers(
          new TreeMap<>(answers),
          expected.stream().filter(name -> !answers.containsKey(name)).sorted().toList(),
          Set.copyOf(unaware));
    }
  }

  /** The question is unknown here. */
  private static final class UnknownQuestionException extends Exception {
    private static final long serialVersionUID = 1L;

    private UnknownQuestionException(String question) {
      super(question, null, false, false);
    }
  }

  private static final class Pending {
    private final Set<String> expected;
    private final Set<String> awaited;
    private final Set<String> unaware = new HashSet<>();
    private final Promise<Answers> promise = Promise.promise();
    private final Map<String, JsonObject> answers = new TreeMap<>();

    Pending(Set<String> expected) {
      this.expected = expected;
      this.awaited = new HashSet<>(expected);
    }

    synchronized void add(String node, JsonObject answer) {
      if (expected.contains(node)) {
        answers.put(node, answer);
        doNotAwait(node);
      }
    }

    synchronized void addFailure(String node, boolean unknownQuestion) {
      if (unknownQuestion && expected.contains(node)) {
        unaware.add(node);
      }
      doNotAwait(node);
    }

    private void doNotAwait(String node) {
      awaited.remove(node);
      finishIfAllAnswered();
    }

    synchronized void awaitOnly(Set<String> living) {
      awaited.retainAll(living);
      finishIfAllAnswered();
    }

    private void finishIfAllAnswered() {
      if (awaited.isEmpty()) {
        finish();
      }
    }

    synchronized void finish() {
      promise.tryComplete(Answers.of(answers, expected, unaware));
    }
  }

  private final Vertx vertx;
  private final Bus bus;
  private final Supplier<List<Member>> members;
  private final String node;
  private final Map<String, Function<JsonObject, Future<JsonObject>>> handlers =
      new ConcurrentHashMap<>();
  private final Map<Long, Pending> pending = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();

  /**
   * @param members the nodes of the cluster
   * @param node the name of this node
   */
  public NodeCalls(Vertx vertx, Bus bus, Supplier<List<Member>> members, String node) {
    this.vertx = vertx;
    this.bus = bus;
    this.members = members;
    this.node = node;
  }

  /** Answers a question from memory from now on; the handler must not wait for anything. */
  public void answer(String question, Function<JsonObject, JsonObject> handler) {
    answerLater(question, asked -> Future.succeededFuture(handler.apply(asked)));
  }

  /**
   * As {@link #answer}, with an answer that takes a while; this node is one that cannot answer if
   * it fails.
   */
  public void answerLater(String question, Function<JsonObject, Future<JsonObject>> handler) {
    handlers.put(question, handler);
  }

  /** Listens on the context of the calling verticle. */
  public Future<Void> start() {
    return Future.all(
            bus.listenToOthers(QUESTIONS, this::onQuestion),
            bus.listen(ANSWERS + node, this::onAnswer),
            bus.listen(FAILURES + node, this::onFailure))
        .mapEmpty();
  }

  /** The name of this node. */
  public String node() {
    return node;
  }

  /** The names of the nodes that are alive, among them this one. */
  public Set<String> living() {
    var names = new TreeSet<String>();
    members.get().stream().filter(Member::alive).forEach(member -> names.add(member.node()));
    names.add(node);
    return names;
  }

  /** Asks all nodes that are alive, for {@link #WITHIN}. */
  public Future<Answers> askAll(String question, JsonObject parameters) {
    return askAll(question, parameters, WITHIN);
  }

  /** As {@link #askAll(String, JsonObject)}, with another deadline. */
  public Future<Answers> askAll(String question, JsonObject parameters, Duration within) {
    return ask(question, parameters, living(), within);
  }

  /**
   * Asks nodes; the answer of this one is among them if it is named. One that is not alive is not
   * waited for.
   *
   * @param nodes the names of those whose answers are waited for
   * @param within how long they are waited for
   */
  public Future<Answers> ask(
      String question, JsonObject parameters, Set<String> nodes, Duration within) {
    var asked = new Pending(Set.copyOf(nodes));
    boolean others = nodes.stream().anyMatch(name -> !name.equals(node));
    if (!others || pending.size() >= PENDING_MAX) {
      return answerHere(asked, question, parameters)
          .transform(
              _ -> {
                asked.finish();
                return asked.promise.future();
              });
    }
    long id = ids.incrementAndGet();
    // First of all, so that a question that cannot be sent ends too.
    long timer = vertx.setTimer(within.toMillis(), _ -> asked.finish());
    long liveness = vertx.setPeriodic(LIVENESS_INTERVAL.toMillis(), _ -> asked.awaitOnly(living()));
    pending.put(id, asked);
    Future<Answers> answers =
        asked
            .promise
            .future()
            .onComplete(
                _ -> {
                  vertx.cancelTimer(timer);
                  vertx.cancelTimer(liveness);
                  pending.remove(id);
                });
    bus.broadcast(
        QUESTIONS,
        new JsonObject()
            .put("id", id)
            .put("from", node)
            .put("to", new JsonArray(List.copyOf(nodes)))
            .put("question", question)
            .put("parameters", parameters)
            .toBuffer());
    var _ = answerHere(asked, question, parameters);
    asked.awaitOnly(living());
    return answers;
  }

  private Future<JsonObject> answerHere(Pending to, String question, JsonObject parameters) {
    if (!to.expected.contains(node)) {
      return Future.succeededFuture();
    }
    return answer(question, parameters)
        .onSuccess(answer -> to.add(node, answer))
        .onFailure(cause -> to.addFailure(node, cause instanceof UnknownQuestionException));
  }

  /** Fails if this node has no answer. */
  private Future<JsonObject> answer(String question, JsonObject parameters) {
    Function<JsonObject, Future<JsonObject>> handler = handlers.get(question);
    if (handler == null) {
      return Future.failedFuture(new UnknownQuestionException(question));
    }
    try {
      return handler
          .apply(parameters)
          .onFailure(failure -> LOG.warn("cannot answer {}", question, failure));
    } catch (RuntimeException failure) {
      LOG.warn("cannot answer {}", question, failure);
      return Future.failedFuture(failure);
    }
  }

  private void onQuestion(Buffer bytes) {
    JsonObject message = bytes.toJsonObject();
    String from = message.getString("from");
    // Every node hears it. Without a cluster, messages to others come back.
    if (node.equals(from) || !message.getJsonArray("to").contains(node)) {
      return;
    }
    String question = message.getString("question");
    long id = message.getLong("id");
    answer(question, message.getJsonObject("parameters"))
        .onSuccess(answer -> reply(from, id, question, answer))
        .onFailure(cause -> replyFailure(from, id, cause instanceof UnknownQuestionException));
  }

  private void reply(String from, long id, String question, JsonObject answer) {
    Buffer reply = JsonObject.of("id", id, "node", node, "answer", answer).toBuffer();
    if (reply.length() > ANSWER_BYTES_MAX) {
      LOG.warn("the answer to {} is too long: {}", question, reply.length());
      replyFailure(from, id, false);
      return;
    }
    bus.broadcast(ANSWERS + from, reply);
  }

  private void replyFailure(String from, long id, boolean unknownQuestion) {
    bus.broadcast(
        FAILURES + from,
        JsonObject.of("id", id, "node", node, "unknown", unknownQuestion).toBuffer());
  }

  private void onAnswer(Buffer bytes) {
    JsonObject message = bytes.toJsonObject();
    Pending waiting = pending.get(message.getLong("id"));
    if (waiting != null) {
      waiting.add(message.getString("node"), message.getJsonObject("answer"));
    }
  }

  private void onFailure(Buffer bytes) {
    JsonObject message = bytes.toJsonObject();
    Pending waiting = pending.get(message.getLong("id"));
    if (waiting != null) {
      waiting.addFailure(message.getString("node"), message.getBoolean("unknown"));
    }
  }
}
