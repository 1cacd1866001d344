package org.nngjava.gifbroker.cli;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * Takes what no flag sets from the environment, and what is not there either from a file: {@code --max-upload} from
 * {@code GIFBROKER_MAX_UPLOAD}, or else from the setting {@code max-upload}.
 */
final class Defaults implements IDefaultValueProvider {
    private final Map<String, String> environment;
    private ConfigFile file;

    Defaults(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /** The file, if there is one. */
    Optional<ConfigFile> file() {
        return Optional.ofNullable(file);
    }

    /** Takes settings from a file as well, from now on. */
    void use(ConfigFile settings) {
        file = settings;
    }

    @Override
    public String defaultValue(ArgSpec arg) {
        if (!(arg instanceof OptionSpec option) || option.usageHelp() || option.versionHelp()) {
            return null;
        }
        return fromEnvironment(option)
                .or(() -> file().flatMap(settings -> settings.value(setting(option))))
                .orElse(null);
    }

    /** Where the value comes from that was refused, if it was no flag's. */
    Optional<String> origin(ParameterException misuse) {
        if (!(misuse.getArgSpec() instanceof OptionSpec option) || misuse.getValue() == null) {
            return Optional.empty();
        }
        Optional<String> variable = fromEnvironment(option);
        if (variable.isPresent()) {
            return variable.filter(value -> value.contains(misuse.getValue())).map(value -> variable(option));
        }
        return file().filter(settings -> settings.value(setting(option))
                        .filter(value -> value.contains(misuse.getValue()))
                        .isPresent())
                .map(settings -> settings.place(setting(option)));
    }

    private Optional<String> fromEnvironment(OptionSpec option) {
        return Optional.ofNullable(environment.get(variable(option))).filter(value -> !value.isEmpty());
    }

    /** The setting that stands for an option in a file. */
    static String setting(OptionSpec option) {
        return option.longestName().replaceFirst("^-+", "");
    }

    /** The environment variable that stands for a setting. */
    static String variable(String setting) {
        return "GIFBROKER_" + setting.replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static String variable(OptionSpec option) {
        return variable(setting(option));
    }
}
