package dev.rookery.extensionhost;

import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** The Vert.x of the server as extensions get it: they cannot close it. */
final class GuardedVertx {
  private GuardedVertx() {}

  static Vertx of(Vertx vertx) {
    InvocationHandler handler =
        (_, method, arguments) -> {
          if (method.getName().equals("close")) {
            throw new UnsupportedOperationException(
                "an extension cannot close the Vert.x of the server");
          }
          try {
            return method.invoke(vertx, arguments);
          } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
          }
        };
    return (Vertx)
        Proxy.newProxyInstance(
            GuardedVertx.class.getClassLoader(), new Class<?>[] {VertxInternal.class}, handler);
  }
}
