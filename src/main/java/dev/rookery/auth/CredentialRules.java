package dev.rookery.auth;

import dev.rookery.base.FieldErrors;
import dev.rookery.base.Limits;
import dev.rookery.player.DeviceIds;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Validates email addresses and passwords. */
final class CredentialRules {
  // Only a delivered email proves that an address exists, so this checks little.
  private static final Pattern EMAIL = Pattern.compile("[^@,;\\s\\p{Cntrl}]+@[^@,;\\s\\p{Cntrl}]+");
  private static final String CANNOT_BE_BLANK = "can't be blank";

  private CredentialRules() {}

  /** Returns the form in which addresses are stored and compared. */
  static String normalizeEmail(String email) {
    return email.strip().toLowerCase(Locale.ROOT);
  }

  static void checkEmail(FieldErrors errors, String email, Limits limits) {
    if (email.isEmpty()) {
      errors.add("email", CANNOT_BE_BLANK);
      return;
    }
    if (!EMAIL.matcher(email).matches()) {
      errors.add("email", "must have the @ sign and no spaces");
    }
    errors.text("email", email, 0, limits.emailMax());
  }

  static boolean isEmail(String email, Limits limits) {
    var errors = new FieldErrors();
    checkEmail(errors, email, limits);
    return errors.isEmpty();
  }

  static void checkPassword(
      FieldErrors errors, String password, @Nullable String confirmation, AuthSettings settings) {
    Limits limits = settings.limits();
    if (password.isBlank()) {
      errors.add("password", CANNOT_BE_BLANK);
      return;
    }
    errors.text("password", password, limits.passwordMin(), limits.passwordMax());
    int bytes = password.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > limits.passwordMax()
        && password.codePointCount(0, password.length()) <= limits.passwordMax()) {
      errors.add("password", "should be at most " + limits.passwordMax() + " byte(s)");
    }
    if (CommonPasswords.contains(password)
        || CommonPasswords.isProductName(
            password, settings.productName().toLowerCase(Locale.ROOT))) {
      errors.add("password", "is too common");
    }
    if (confirmation != null && !confirmation.equals(password)) {
      errors.add("password_confirmation", "does not match password");
    }
  }

  static void checkRegistration(
      FieldErrors errors, AuthCommand.Register register, AuthSettings settings) {
    Limits limits = settings.limits();
    checkEmail(errors, normalizeEmail(register.email()), limits);
    checkPassword(errors, register.password(), register.passwordConfirmation(), settings);
    errors.text("display_name", register.displayName(), 0, limits.displayNameMax());
    if (register.deviceId() != null) {
      DeviceIds.check(errors, register.deviceId(), limits);
    }
  }

  /** Returns whether an account could have this email and password at all. */
  static boolean arePlausible(String email, String password, Limits limits) {
    return isEmail(email, limits)
        && !password.isEmpty()
        && password.getBytes(StandardCharsets.UTF_8).length <= limits.passwordMax();
  }
}
