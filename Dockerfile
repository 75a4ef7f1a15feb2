# The mocks (and the core, when all five are served) in a container, for tests in any language.
FROM python:3.11-slim
WORKDIR /tieout
COPY requirements.lock pyproject.toml README.md ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY core core
COPY simulators simulators
COPY scenarios scenarios
COPY reports reports
COPY loadtests loadtests
RUN pip install --no-cache-dir --no-build-isolation --no-deps . && useradd --create-home --uid 1000 tieout && mkdir /lab && chown tieout /lab
USER tieout
ENV TIEOUT_CA_DIR=/lab
EXPOSE 4240-4246 5241-5246
ENTRYPOINT ["tieout"]
CMD ["serve", "--host", "0.0.0.0", "--tls", "--seed", "compose", "--write", "/lab/lab.json"]
