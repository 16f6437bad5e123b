package dev.rookery.testkit;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.vertx.ext.mail.MailConfig;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real mail server on loopback, with the emails that it received. */
public final class TestMailServer implements AutoCloseable {
  private static final Pattern CODE = Pattern.compile("Your code: (\\S+)");

  private final GreenMail server =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP).dynamicPort());

  private TestMailServer() {
    server.start();
  }

  public static TestMailServer start() {
    return new TestMailServer();
  }

  /** A received email. */
  public record Received(String to, String from, String subject, String text) {
    /** The code in the email's text. */
    public String code() {
      Matcher code = CODE.matcher(text);
      if (!code.find()) {
        throw new AssertionError("no code in: " + text);
      }
      return code.group(1);
    }
  }

  public MailConfig config() {
    return new MailConfig().setHostname("127.0.0.1").setPort(port());
  }

  /** The environment variables of a node that sends emails here. */
  public Map<String, String> environment() {
    return Map.of(
        "SMTP_RELAY", "127.0.0.1",
        "SMTP_PORT", Integer.toString(port()),
        "SMTP_SSL", "false",
        "SMTP_FROM_EMAIL", "game@example.com",
        "SMTP_FROM_NAME", "Rookery");
  }

  private int port() {
    return server.getSmtp().getPort();
  }

  /** All emails to the address so far. */
  public List<Received> to(String address) {
    return Arrays.stream(server.getReceivedMessages())
        .map(TestMailServer::received)
        .filter(email -> email.to().equals(address))
        .toList();
  }

  /** Waits until {@code count} emails to the address have arrived, and returns the last of them. */
  public Received await(String address, int count) {
    Eventually.holds(() -> to(address).size() >= count);
    return to(address).get(count - 1);
  }

  private static Received received(MimeMessage message) {
    try {
      return new Received(
          GreenMailUtil.getAddressList(message.getAllRecipients()),
          GreenMailUtil.getAddressList(message.getFrom()),
          message.getSubject(),
          message.getContent().toString());
    } catch (MessagingException | IOException failure) {
      throw new AssertionError(failure);
    }
  }

  @Override
  public void close() {
    server.stop();
  }
}
