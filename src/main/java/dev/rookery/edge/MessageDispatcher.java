package dev.rookery.edge;

import dev.rookery.trace.RunningTrace;
import dev.rookery.trace.Tracer;
import io.vertx.core.internal.ContextInternal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the listener of one WebSocket on the Vert.x context of its event loop, so that futures
 * complete on it, and each message of a trace in the trace's own context. Confined to that event
 * loop.
 */
final class MessageDispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(MessageDispatcher.class);

  private final ContextInternal context;
  private final Tracer tracer;
  private final Runnable onFailure;

  /**
   * @param onFailure called after an exception of a listener, which is logged
   */
  MessageDispatcher(ContextInternal context, Tracer tracer, Runnable onFailure) {
    this.context = context;
    this.tracer = tracer;
    this.onFailure = onFailure;
  }

  void deliver(WebSocketListener listener, byte[] message, boolean isText) {
    RunningTrace trace = tracer.beginFrame(listener.getClass(), context);
    if (trace == null) {
      deliver(listener, message, isText, context);
    } else {
      trace.deliver(own -> deliver(listener, message, isText, own));
    }
  }

  private void deliver(
      WebSocketListener listener, byte[] message, boolean isText, ContextInternal on) {
    runOn(
        on,
        () -> {
          if (isText) {
            listener.onText(message);
          } else {
            listener.onBinary(message);
          }
        });
  }

  /** Runs other work for the listener. */
  void run(Runnable work) {
    runOn(context, work);
  }

  private void runOn(ContextInternal on, Runnable work) {
    ContextInternal before = on.beginDispatch();
    try {
      work.run();
    } catch (RuntimeException broken) {
      LOG.error("Handling a WebSocket message failed", broken);
      onFailure.run();
    } finally {
      on.endDispatch(before);
    }
  }
}
