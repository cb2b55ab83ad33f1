# SPDX-FileCopyrightText: 2026 The ack_edge.node authors
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A machine to run Ansible on, as an operator has it: Python, ssh and a login without rights. Ansible is installed when it
# is there, offline.
ARG BASE
FROM ${BASE}
ENV DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8
RUN apt-get update -qq \
 && apt-get install -y -qq --no-install-recommends python3 python3-venv openssh-client >/dev/null \
 && rm -rf /var/lib/apt/lists/* && useradd --create-home --shell /bin/bash admin && install -d -o admin -g admin -m 700 /home/admin/.ssh
CMD ["sleep", "infinity"]
