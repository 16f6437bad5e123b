package dev.rookery.extensionhost;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.ThreadingModel;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The Vert.x of the server as one version of an extension gets it. What is created with it belongs
 * to the context of the version, whatever thread creates it, and so ends with the version and runs
 * on no event loop. It refuses what concerns others: closing the server, and the timers and
 * deployments of others.
 */
final class GuardedVertx {
  private static final Set<String> REFUSED =
      Set.of(
          "close",
          "registerVerticleFactory",
          "unregisterVerticleFactory",
          "addCloseHook",
          "removeCloseHook");

  private final Vertx vertx;
  private final ClassLoader classes;
  private final String workers;
  private final Supplier<@Nullable ContextInternal> own;
  private final Set<String> deployments = ConcurrentHashMap.newKeySet();
  private final Set<Long> timers = ConcurrentHashMap.newKeySet();

  private GuardedVertx(
      Vertx vertx, String extension, ClassLoader classes, Supplier<@Nullable ContextInternal> own) {
    this.vertx = vertx;
    this.classes = classes;
    this.workers = "extension-" + extension + "-worker";
    this.own = own;
  }

  /**
   * @param classes of the version
   * @param own the context of the version, which is there from before its start to its end
   */
  static Vertx of(
      Vertx vertx, String extension, ClassLoader classes, Supplier<@Nullable ContextInternal> own) {
    var guard = new GuardedVertx(vertx, extension, classes, own);
    return (Vertx)
        Proxy.newProxyInstance(
            GuardedVertx.class.getClassLoader(),
            new Class<?>[] {VertxInternal.class},
            (_, method, arguments) -> guard.call(method, arguments));
  }

  private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
    String name = method.getName();
    if (REFUSED.contains(name) || (name.equals("exceptionHandler") && arguments != null)) {
      throw new UnsupportedOperationException(
          "an extension cannot call " + name + " of the Vert.x of the server");
    }
    return switch (name) {
      case "deploymentIDs" -> Set.copyOf(deployments);
      case "deployVerticle" -> deploy(method, java.util.Objects.requireNonNull(arguments));
      case "undeploy" -> undeploy(method, java.util.Objects.requireNonNull(arguments));
      case "setTimer", "setPeriodic" ->
          setTimer(method, java.util.Objects.requireNonNull(arguments));
      case "cancelTimer" -> cancelTimer(method, java.util.Objects.requireNonNull(arguments));
      default -> invoke(method, arguments);
    };
  }

  private @Nullable Object deploy(Method method, Object[] arguments) throws Throwable {
    boolean withOptions = arguments.length == 2;
    var options =
        withOptions
            ? new DeploymentOptions((DeploymentOptions) arguments[1])
            : new DeploymentOptions();
    options.setClassLoader(classes);
    if (options.getThreadingModel() == ThreadingModel.EVENT_LOOP) {
      options.setThreadingModel(ThreadingModel.VIRTUAL_THREAD);
    } else if (options.getThreadingModel() == ThreadingModel.WORKER
        && options.getWorkerPoolName() == null) {
      // Its own, so that it cannot occupy the workers of the server.
      options.setWorkerPoolName(workers);
    }
    Method target =
        Vertx.class.getMethod(
            "deployVerticle", method.getParameterTypes()[0], DeploymentOptions.class);
    @SuppressWarnings("unchecked")
    var deployed = (Future<String>) invoke(target, new Object[] {arguments[0], options});
    return deployed == null ? null : deployed.onSuccess(deployments::add);
  }

  private @Nullable Object undeploy(Method method, Object[] arguments) throws Throwable {
    return deployments.remove((String) arguments[0])
        ? invoke(method, arguments)
        : Future.failedFuture(new IllegalStateException("no deployment of this extension"));
  }

  @SuppressWarnings("unchecked")
  private @Nullable Object setTimer(Method method, Object[] arguments) throws Throwable {
    Object[] changed = Arrays.copyOf(arguments, arguments.length);
    int last = changed.length - 1;
    var handler = (Handler<Long>) changed[last];
    if (method.getName().equals("setTimer")) {
      changed[last] =
          (Handler<Long>)
              id -> {
                timers.remove(id);
                handler.handle(id);
              };
    }
    Object id = invoke(method, changed);
    timers.add((Long) id);
    return id;
  }

  private @Nullable Object cancelTimer(Method method, Object[] arguments) throws Throwable {
    return timers.remove((Long) arguments[0]) ? invoke(method, arguments) : Boolean.FALSE;
  }

  /** In the context of the version, unless the thread is in a context of one of its verticles. */
  private @Nullable Object invoke(Method method, Object @Nullable [] arguments) throws Throwable {
    ContextInternal context = own.get();
    ContextInternal current = ContextInternal.current();
    boolean inside = context == null || (current != null && current.classLoader() == classes);
    ContextInternal before = inside ? null : context.beginDispatch();
    try {
      return method.invoke(vertx, arguments);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    } finally {
      if (!inside) {
        context.endDispatch(before);
      }
    }
  }
}
