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
 * Sends {@link CheckSessions} in batches. The first check is sent at once; those that arrive while
 * one is in flight are sent together after it, so that thousands of sockets that reconnect at the
 * same time need few checks. An answer is never older than its request.
 */
final class SessionCheckBatcher {
  private static final int PENDING_MAX = 20_000;

  private final Vertx vertx;
  private final Bus bus;
  private final ArrayDeque<PendingCheck> queue = new ArrayDeque<>();
  private boolean inFlight;

  SessionCheckBatcher(Vertx vertx, Bus bus) {
    this.vertx = vertx;
    this.bus = bus;
  }

  /** Checks one session; completes on the calling context. */
  Future<Session> check(Tokens.AccessClaims access) {
    Promise<Session> answer = ((ContextInternal) vertx.getOrCreateContext()).promise();
    boolean first;
    synchronized (queue) {
      if (queue.size() >= PENDING_MAX) {
        return Future.failedFuture(new Refused(new Refusal.Unavailable("node_busy")));
      }
      queue.add(new PendingCheck(access, answer));
      first = !inFlight;
      inFlight = true;
    }
    if (first) {
      sendBatch();
    }
    return answer.future();
  }

  private void sendBatch() {
    List<PendingCheck> batch = takeBatch();
    bus.ask(new CheckSessions(batch.stream().map(PendingCheck::access).toList()))
        .onComplete(
            result -> {
              boolean more;
              synchronized (queue) {
                more = !queue.isEmpty();
                inFlight = more;
              }
              if (more) {
                sendBatch();
              }
              complete(batch, result);
            });
  }

  private List<PendingCheck> takeBatch() {
    var batch = new ArrayList<PendingCheck>();
    synchronized (queue) {
      while (!queue.isEmpty() && batch.size() < CheckSessions.BATCH_MAX) {
        batch.add(queue.poll());
      }
    }
    return batch;
  }

  private static void complete(List<PendingCheck> batch, AsyncResult<List<Answer>> result) {
    for (int i = 0; i < batch.size(); i++) {
      Promise<Session> promise = batch.get(i).answer;
      if (result.failed()) {
        promise.fail(result.cause());
      } else {
        switch (result.result().get(i)) {
          case CheckSessions.Open(var session) -> promise.complete(session);
          case CheckSessions.Closed(var refusal) -> promise.fail(new Refused(refusal));
        }
      }
    }
  }

  private record PendingCheck(Tokens.AccessClaims access, Promise<Session> answer) {}
}
