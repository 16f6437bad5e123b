package dev.rookery.session;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.session.CheckSessions.Answer;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks whether sessions are open. One question goes at once; those that come while it is under way
 * gather and go together after it: when all sockets of another node come back at the same time, a
 * few questions are about all of them. An answer is never older than its question.
 */
final class SessionCheckBatcher {
  private static final int WAITING_MAX = 20_000;

  private final Vertx vertx;
  private final Bus bus;
  private final ArrayDeque<PendingCheck> waiting = new ArrayDeque<>();
  private boolean underWay;

  SessionCheckBatcher(Vertx vertx, Bus bus) {
    this.vertx = vertx;
    this.bus = bus;
  }

  /** Completes on the calling context. */
  Future<Session> ask(Tokens.AccessClaims access) {
    Promise<Session> answer = ((ContextInternal) vertx.getOrCreateContext()).promise();
    boolean first;
    synchronized (waiting) {
      if (waiting.size() >= WAITING_MAX) {
        return Future.failedFuture(new Refused(new Refusal.Unavailable("node_busy")));
      }
      waiting.add(new PendingCheck(access, answer));
      first = !underWay;
      underWay = true;
    }
    if (first) {
      go();
    }
    return answer.future();
  }

  private void go() {
    List<PendingCheck> gathered = gather();
    bus.ask(new CheckSessions(gathered.stream().map(PendingCheck::access).toList()))
        .onComplete(
            answered -> {
              boolean more;
              synchronized (waiting) {
                more = !waiting.isEmpty();
                underWay = more;
              }
              if (more) {
                go();
              }
              tell(gathered, answered);
            });
  }

  private List<PendingCheck> gather() {
    var gathered = new ArrayList<PendingCheck>();
    synchronized (waiting) {
      while (!waiting.isEmpty() && gathered.size() < CheckSessions.MANY_MAX) {
        gathered.add(waiting.poll());
      }
    }
    return gathered;
  }

  private static void tell(List<PendingCheck> asked, AsyncResult<List<Answer>> answered) {
    for (int i = 0; i < asked.size(); i++) {
      Promise<Session> waits = asked.get(i).answer;
      if (answered.failed()) {
        waits.fail(answered.cause());
      } else {
        switch (answered.result().get(i)) {
          case CheckSessions.Open(var session) -> waits.complete(session);
          case CheckSessions.Closed(var why) -> waits.fail(new Refused(why));
        }
      }
    }
  }

  private record PendingCheck(Tokens.AccessClaims access, Promise<Session> answer) {}
}
