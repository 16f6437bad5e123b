package dev.rookery.transport;

import com.hazelcast.config.ClassFilter;
import com.hazelcast.config.Config;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.config.SocketInterceptorConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.instance.EndpointQualifier;
import com.hazelcast.instance.impl.DefaultNodeContext;
import com.hazelcast.instance.impl.DefaultNodeExtension;
import com.hazelcast.instance.impl.HazelcastInstanceFactory;
import com.hazelcast.instance.impl.Node;
import com.hazelcast.instance.impl.NodeExtension;
import com.hazelcast.internal.networking.InboundHandler;
import com.hazelcast.internal.networking.OutboundHandler;
import com.hazelcast.internal.server.ServerConnection;
import com.hazelcast.internal.server.ServerContext;
import com.hazelcast.internal.server.tcp.TcpServerConnection;
import com.hazelcast.nio.MemberSocketInterceptor;
import dev.rookery.bus.ClusterKeys;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Arrays;

/**
 * Starts Hazelcast with authenticated and encrypted connections. The open-source edition has the
 * places where the commercial one adds its own; this fills them with {@link MemberHandshake}.
 *
 * <p>Whatever connects to its port passes the handshake first: members, and clients too, which
 * cannot. Java serialization is limited to what Hazelcast itself sends: exceptions and collections.
 */
public final class SecureHazelcast {
  private SecureHazelcast() {}

  public static HazelcastInstance start(Config config, ClusterKeys keys, MeterRegistry meters) {
    config.getNetworkConfig().setSocketInterceptorConfig(enabled());
    config.getSerializationConfig().setJavaSerializationFilterConfig(allowed());
    var handshake = new MemberHandshake(keys, meters);
    return HazelcastInstanceFactory.newHazelcastInstance(
        config, config.getInstanceName(), new Context(handshake));
  }

  /** Makes Hazelcast ask its extension for an interceptor. */
  private static SocketInterceptorConfig enabled() {
    return new SocketInterceptorConfig()
        .setEnabled(true)
        .setClassName(MemberHandshake.class.getName());
  }

  static JavaSerializationFilterConfig allowed() {
    return new JavaSerializationFilterConfig()
        .setDefaultsDisabled(true)
        .setWhitelist(
            new ClassFilter()
                .addPrefixes(
                    "java.lang.",
                    "java.util.",
                    "java.io.",
                    "com.hazelcast.",
                    "[Ljava.lang.",
                    "[Ljava.util.",
                    "[B"))
        // Each starts a program, loads code or opens a connection from what was read.
        .setBlacklist(
            new ClassFilter()
                .addClasses("java.lang.ProcessBuilder", "java.lang.Runtime")
                .addPackages("java.lang.invoke", "java.lang.reflect", "java.util.logging"));
  }

  private static final class Context extends DefaultNodeContext {
    private final MemberHandshake handshake;

    Context(MemberHandshake handshake) {
      this.handshake = handshake;
    }

    @Override
    public NodeExtension createNodeExtension(Node node) {
      return new Extension(node, handshake);
    }
  }

  private static final class Extension extends DefaultNodeExtension {
    private final MemberHandshake handshake;

    Extension(Node node, MemberHandshake handshake) {
      super(node);
      this.handshake = handshake;
    }

    @Override
    public MemberSocketInterceptor getSocketInterceptor(EndpointQualifier endpoint) {
      return handshake;
    }

    // The interface of Hazelcast uses the raw types.
    @SuppressWarnings("rawtypes")
    @Override
    public InboundHandler[] createInboundHandlers(
        EndpointQualifier endpoint, ServerConnection connection, ServerContext context) {
      InboundHandler[] decoders = super.createInboundHandlers(endpoint, connection, context);
      var all = new InboundHandler[decoders.length + 1];
      all[0] = new LinkDecryptor(new LinkCipher(keys(connection).receiving()));
      System.arraycopy(decoders, 0, all, 1, decoders.length);
      return all;
    }

    @SuppressWarnings("rawtypes")
    @Override
    public OutboundHandler[] createOutboundHandlers(
        EndpointQualifier endpoint, ServerConnection connection, ServerContext context) {
      OutboundHandler[] encoders = super.createOutboundHandlers(endpoint, connection, context);
      var all = Arrays.copyOf(encoders, encoders.length + 1);
      all[encoders.length] = new LinkEncryptor(new LinkCipher(keys(connection).sending()));
      return all;
    }

    /** Without keys there is no connection, so a change in Hazelcast cannot open one unnoticed. */
    private LinkKeys keys(ServerConnection connection) {
      LinkKeys keys =
          connection instanceof TcpServerConnection tcp
              ? handshake.keys(tcp.getChannel().socket())
              : null;
      if (keys == null) {
        throw new IllegalStateException("a connection without a handshake");
      }
      return keys;
    }
  }
}
