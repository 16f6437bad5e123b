package dev.rookery.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What else there is to say about a key beside its place and type. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Setting {
  /**
   * Names in the environment, the first that is set wins. Every key has one more, by rule: {@code
   * ROOKERY_HTTP_IDLE_TIMEOUT} for {@code http.idleTimeout}.
   */
  String[] env() default {};

  /** The least a number may be; of a duration, in milliseconds. */
  long min() default 1;

  long max() default Long.MAX_VALUE;
}
