package dev.rookery.node;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;

/**
 * Sets up logging before the configuration is read: readable lines on the console. {@link
 * LogSettings} then applies what is configured.
 *
 * <p>In code and not in XML, because parsing XML is a tenth of the time a node takes to be ready. A
 * {@code logback.xml} on the class path is used instead of this.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class ConsoleLogConfigurator extends ContextAwareBase implements Configurator {
  private static final String[] WRITTEN = {"logback-test.xml", "logback.xml"};

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (isWritten()) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    var layout = new ConsoleLayout();
    layout.setContext(context);
    layout.start();
    var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
    encoder.setContext(context);
    encoder.setLayout(layout);
    encoder.start();
    var console = new ConsoleAppender<ILoggingEvent>();
    console.setContext(context);
    console.setName("console");
    console.setEncoder(encoder);
    console.start();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(console);
    context.getLogger("dev.rookery").setLevel(Level.INFO);
    // A node that leaves closes its connections; the cluster logs that it left.
    context.getLogger("com.hazelcast.internal.server.tcp").setLevel(Level.ERROR);
    context.getLogger("com.hazelcast.spi.impl.operationservice").setLevel(Level.ERROR);
    // Vert.x registers its gauges of the event bus for each address again, and all are the same one
    // without the label of the address; Micrometer would warn of the second.
    context.getLogger("io.micrometer.core.instrument.MeterRegistry").setLevel(Level.ERROR);
    // It logs as an error that a client leaves while it receives a file.
    context.getLogger("io.vertx.core.net.impl.VertxConnection").setLevel(Level.OFF);
    context.getLogger(LogSettings.ACCESS).setLevel(Level.OFF);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static boolean isWritten() {
    if (System.getProperty("logback.configurationFile") != null) {
      return true;
    }
    for (String name : WRITTEN) {
      if (ConsoleLogConfigurator.class.getClassLoader().getResource(name) != null) {
        return true;
      }
    }
    return false;
  }
}
