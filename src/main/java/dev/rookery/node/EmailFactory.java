package dev.rookery.node;

import dev.rookery.config.NodeConfig;
import dev.rookery.email.EmailSender;
import dev.rookery.email.PreviewEmailSender;
import dev.rookery.email.SmtpEmailSender;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import io.vertx.ext.mail.LoginOption;
import io.vertx.ext.mail.MailConfig;
import io.vertx.ext.mail.StartTLSOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Configuration, in the words of the mail client. */
final class EmailFactory {
  private static final int CONNECTIONS_MAX = 4;

  private EmailFactory() {}

  static EmailSender open(NodeConfig config, Vertx vertx) {
    var mail = config.mail();
    if (mail.relay() == null) {
      return new PreviewEmailSender(config.production(), mail.preview());
    }
    String sni = mail.sni();
    String name = sni == null ? mail.relay() : sni;
    String address = mail.fromEmail();
    String from = address == null ? "noreply@" + config.http().publicHost() : address;
    var options =
        new MailConfig()
            .setHostname(name)
            .setPort(mail.port())
            .setSsl(mail.ssl())
            .setHostnameVerificationAlgorithm("HTTPS")
            .setMaxPoolSize(CONNECTIONS_MAX)
            .setStarttls(
                switch (mail.tls()) {
                  case NEVER -> StartTLSOptions.DISABLED;
                  case IF_AVAILABLE -> StartTLSOptions.OPTIONAL;
                  case ALWAYS -> StartTLSOptions.REQUIRED;
                });
    if (mail.username() != null && mail.password() != null) {
      options
          .setLogin(LoginOption.REQUIRED)
          .setUsername(mail.username())
          .setPassword(mail.password().value());
    } else {
      options.setLogin(LoginOption.DISABLED);
    }
    String sender = "\"%s\" <%s>".formatted(quotable(mail.fromName()), from);
    return name.equals(mail.relay())
        ? new SmtpEmailSender(vertx, options, sender)
        : SmtpEmailSender.owningVertx(resolving(name, mail.relay()), options, sender);
  }

  /**
   * The mail client connects to the name that it asks the server's certificate for. Where the relay
   * is known by another, that name stands for its address, in a Vert.x for letters alone.
   */
  private static Vertx resolving(String name, String relay) {
    String address;
    try {
      address = InetAddress.getByName(relay).getHostAddress();
    } catch (UnknownHostException unknown) {
      throw new IllegalStateException("the mail server " + relay + " is not found", unknown);
    }
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(1)
            .setAddressResolverOptions(
                new AddressResolverOptions()
                    .setHostsValue(Buffer.buffer(address + " " + name + "\n"))));
  }

  /** Where links in letters lead; empty for nowhere. */
  static String linkBaseUrl(NodeConfig config, int listening) {
    String given = config.mail().pages();
    return given != null
        ? given
        : config.pages().enabled() ? config.http().publicUrl(listening) : "";
  }

  /** What cannot end the quotes it stands in. */
  private static String quotable(String name) {
    return name.replaceAll("[\"\\\\\\p{Cntrl}]", "");
  }
}
