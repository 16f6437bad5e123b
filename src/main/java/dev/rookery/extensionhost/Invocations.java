package dev.rookery.extensionhost;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Position;
import dev.rookery.base.Refused;
import dev.rookery.extension.AfterHook;
import dev.rookery.extension.BeforeHook;
import dev.rookery.extension.ChannelHandler;
import dev.rookery.extension.ChannelJoin;
import dev.rookery.extension.ChannelMember;
import dev.rookery.extension.ChannelMessage;
import dev.rookery.extension.Committed;
import dev.rookery.extension.HookRejectedException;
import dev.rookery.extension.HttpCall;
import dev.rookery.extension.HttpException;
import dev.rookery.extension.HttpHandler;
import dev.rookery.extension.HttpReply;
import dev.rookery.extension.RpcException;
import dev.rookery.extension.RpcFunction;
import dev.rookery.extension.ScheduledRun;
import dev.rookery.store.Outbox;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Runs the code of one version of an extension for what the server asks of it: functions, hooks,
 * jobs, channels and routes. Exceptions of that code end here. The results do not fail; they are
 * null if the version takes no more calls.
 */
final class Invocations {
  private static final int REASON_MAX = 500;
  private static final int REPLY_BYTES_MAX = 4 << 20;

  private static final Future<CallOutcome> NOT_SERVED =
      Future.succeededFuture(new CallOutcome.Failed(CallOutcome.Failure.NOT_IMPLEMENTED));

  private final ExtensionInstance instance;
  private final String extension;
  private final ExtensionCalls calls;
  private final ExtensionJson json;
  private final UserLookup users;
  private final Supplier<ExtensionBackend> backend;
  private final Logger logger;
  private final HookCounts hookCounts = new HookCounts();

  Invocations(
      ExtensionInstance instance,
      ExtensionCalls calls,
      ExtensionJson json,
      UserLookup users,
      Supplier<ExtensionBackend> backend) {
    this.instance = instance;
    this.extension = instance.jar().name();
    this.calls = calls;
    this.json = json;
    this.users = users;
    this.backend = backend;
    this.logger = instance.logger();
  }

  /** What the hooks before changes have done. */
  HookCounts hookCounts() {
    return hookCounts;
  }

  /**
   * Calls a function.
   *
   * @return null if this version takes no more calls
   */
  @Nullable Future<CallOutcome> call(String function, List<?> arguments, PlayerId player) {
    RpcFunction target = instance.functions().find(function, arguments.size());
    if (target == null) {
      return NOT_SERVED;
    }
    var call = new FunctionCall(function, arguments, json.mapper(), player, users);
    return calls.run(CallDepth.current() + 1, function, () -> outcome(call, target));
  }

  /**
   * Runs the hooks before a change. The outcome has the change as they leave it.
   *
   * @param depth see {@link CallDepth}
   * @return null if this version takes no more calls
   */
  @Nullable Future<CallOutcome> before(HookPoint point, Object change, int depth) {
    return calls.run(
        depth,
        point,
        () -> {
          long started = System.nanoTime();
          CallOutcome outcome = outcome(point, change);
          hookCounts.add(point, outcome, System.nanoTime() - started);
          return outcome;
        });
  }

  /**
   * Asks whether a client may join a topic. The outcome has a {@link ChannelAdmission}. A client
   * that the extension has let in, but too late or with a response that cannot be sent, leaves.
   *
   * @return null if this version takes no more calls
   */
  @Nullable Future<CallOutcome> join(ChannelMember member, JsonObject payload) {
    ChannelHandler handler = instance.channels().find(member.topic());
    if (handler == null) {
      return NOT_SERVED;
    }
    if (member.caller() == null && !handler.admitsAnonymous()) {
      return Future.succeededFuture(new CallOutcome.Rejected("unauthorized"));
    }
    String stream = new ExtensionTopic(extension, member.topic()).full();
    return calls.run(
        1,
        "join",
        () -> {
          // Before the extension reads its state, so that no event is missed in between.
          Position position;
          try {
            position = Outbox.head(backend.get().database(), stream);
          } catch (Refused unavailable) {
            return new CallOutcome.Rejected(unavailable.refusal().code());
          }
          CallOutcome outcome =
              outcome("join of " + stream, () -> handler.join(new ChannelJoin(member, payload)));
          if (outcome instanceof CallOutcome.Failed(CallOutcome.Failure failure)
              && failure == CallOutcome.Failure.UNENCODABLE) {
            leave(member);
          }
          return outcome instanceof CallOutcome.Returned(var value)
              ? new CallOutcome.Returned(new ChannelAdmission(position, response(value)))
              : outcome;
        },
        late -> {
          if (late instanceof CallOutcome.Returned) {
            leave(member);
          }
        });
  }

  /**
   * Handles a message of a client that has joined. The outcome has the response, an object.
   *
   * @return null if this version takes no more calls
   */
  @Nullable Future<CallOutcome> message(ChannelMember member, String event, JsonObject payload) {
    ChannelHandler handler = instance.channels().find(member.topic());
    if (handler == null) {
      return NOT_SERVED;
    }
    return calls.run(
        1,
        "message",
        () -> {
          CallOutcome outcome =
              outcome(
                  "message on " + member.topic(),
                  () -> handler.message(new ChannelMessage(member, event, payload)));
          return outcome instanceof CallOutcome.Returned(var value)
              ? new CallOutcome.Returned(response(value))
              : outcome;
        });
  }

  /**
   * Tells that a client has left a topic.
   *
   * @return null if this version takes no more calls
   */
  @Nullable Future<CallOutcome> leave(ChannelMember member) {
    ChannelHandler handler = instance.channels().find(member.topic());
    if (handler == null) {
      return NOT_SERVED;
    }
    return calls.run(
        1,
        "leave",
        () ->
            outcome(
                "leave of " + member.topic(),
                () -> {
                  handler.leave(member);
                  return null;
                }));
  }

  /**
   * Answers a request. The outcome has the {@link HttpReply}; {@code NOT_IMPLEMENTED} without a
   * route.
   *
   * @return null if this version takes no more calls
   */
  @Nullable Future<CallOutcome> http(HttpCall request) {
    HttpRouteTable.Match match = instance.http().find(request.method(), request.path());
    if (match == null) {
      return NOT_SERVED;
    }
    var call =
        new HttpCall(
            request.method(),
            request.path(),
            match.parameters(),
            request.query(),
            request.headers(),
            request.body(),
            request.caller(),
            request.clientAddress());
    return calls.run(1, "request", () -> reply(match.handler(), call));
  }

  private CallOutcome reply(HttpHandler handler, HttpCall call) {
    try {
      HttpReply reply =
          instance.inContext(
              () -> Objects.requireNonNull(handler.handle(call), "a handler returned null"));
      return reply.body().length() > REPLY_BYTES_MAX
          ? new CallOutcome.Failed(CallOutcome.Failure.UNENCODABLE)
          : new CallOutcome.Returned(reply);
    } catch (HttpException refused) {
      return new CallOutcome.Returned(
          HttpReply.json(JsonObject.of("error", shortened(refused.code())))
              .withStatus(refused.status()));
    } catch (Throwable failure) {
      FatalErrors.endIfFatal(failure);
      logger.error("a {} request failed", call.method(), failure);
      return new CallOutcome.Failed(CallOutcome.Failure.EXCEPTION);
    }
  }

  @SuppressWarnings("unchecked")
  private static JsonObject response(@Nullable Object value) {
    return switch (value) {
      case null -> new JsonObject();
      case Map<?, ?> map -> new JsonObject((Map<String, Object>) map);
      default -> JsonObject.of("data", value);
    };
  }

  private CallOutcome outcome(HookPoint point, Object change) {
    try {
      Object left =
          instance.inContext(
              () -> {
                Object current = change;
                for (BeforeHook<Object> hook : instance.hooks().at(point)) {
                  current = Objects.requireNonNull(hook.before(current), "a hook returned null");
                }
                return current;
              });
      return new CallOutcome.Returned(left);
    } catch (HookRejectedException refused) {
      return new CallOutcome.Rejected(shortened(refused.reason()));
    } catch (Throwable failure) {
      FatalErrors.endIfFatal(failure);
      logger.error("the hook before {} failed", point, failure);
      return new CallOutcome.Failed(CallOutcome.Failure.EXCEPTION);
    }
  }

  /**
   * Runs the hooks after a change.
   *
   * @return null if this version takes no more calls
   */
  @Nullable Future<CallOutcome> after(AfterPoint point, Committed<Object> event) {
    return calls.run(
        CallDepth.current() + 1,
        "hook after a change",
        () ->
            outcome(
                "the hook after " + point,
                () -> {
                  for (AfterHook<Object> hook : instance.afterHooks().at(point)) {
                    hook.after(event);
                  }
                  return null;
                }));
  }

  /**
   * Runs a job.
   *
   * @return null if this version takes no more calls
   */
  @Nullable Future<CallOutcome> run(ScheduledRun run) {
    ScheduleTable.Job job = instance.schedules().find(run.jobName());
    if (job == null) {
      return NOT_SERVED;
    }
    return calls.run(
        CallDepth.current() + 1,
        "job",
        () ->
            outcome(
                "the job " + job.name(),
                () -> {
                  job.work().run(run);
                  return null;
                }));
  }

  private CallOutcome outcome(FunctionCall call, RpcFunction target) {
    return outcome(
        call.function(),
        () -> {
          call.checkTypes(target);
          return target.handler().call(call);
        });
  }

  /** Runs code of the extension; its result is a plain JSON value. */
  private CallOutcome outcome(String what, Callable<@Nullable Object> work) {
    try {
      return instance
          .inContext(() -> json.plain(work.call()))
          .<CallOutcome>map(result -> new CallOutcome.Returned(result.value()))
          .orElseGet(
              () -> {
                logger.warn("the result of {} is no JSON value, or too large", what);
                return new CallOutcome.Failed(CallOutcome.Failure.UNENCODABLE);
              });
    } catch (RpcException refused) {
      return new CallOutcome.Rejected(shortened(refused.reason()));
    } catch (Throwable failure) {
      FatalErrors.endIfFatal(failure);
      // The message of the exception may quote what the player sent, so only its type is certain
      // to be harmless; the stack trace is for the author of the extension.
      logger.error("{} failed", what, failure);
      return new CallOutcome.Failed(CallOutcome.Failure.EXCEPTION);
    }
  }

  private static String shortened(@Nullable String reason) {
    String text = String.valueOf(reason);
    return text.length() <= REASON_MAX ? text : text.substring(0, REASON_MAX);
  }
}
