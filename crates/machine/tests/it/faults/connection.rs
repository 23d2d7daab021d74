//! How the drivers of the laboratory open, answer and lose connections.

use machine::Progress;

use super::history::Drivers;
use super::lab::Lab;
use super::link::Back;
use super::log::received;

impl Lab {
    pub(crate) fn dial(&mut self, link: usize) {
        if self.links[link].dialled.is_none() {
            let from = self.links[link].from;
            let incarnation = self.process(from).log.len() as u32;
            self.links[link].dial(incarnation);
        }
    }

    /// The receiver reads a Hello: the connection replaces the one before, unless
    /// the Hello is stale.
    pub(crate) fn hello(&mut self, link: usize, number: u64, incarnation: u32) {
        let (from, to) = (self.links[link].from, self.links[link].to);
        match self.process(to).endpoint.incoming(from).unwrap().hello(incarnation) {
            Ok(progress) => {
                self.assert_logged(link, progress);
                self.links[link].answered = Some(number);
                self.answer(link, Back::Welcome(progress));
            }
            Err(_) => {
                self.saw("closed a connection for a stale hello", true);
                self.close(link, number);
            }
        }
    }

    pub(crate) fn acknowledge(&mut self, link: usize) {
        let (from, to) = (self.links[link].from, self.links[link].to);
        let progress = self.process(to).endpoint.incoming(from).unwrap().progress();
        self.assert_logged(link, progress);
        self.answer(link, Back::Acknowledgement(progress));
    }

    /// The sender reads the next frame of its connection.
    pub(crate) fn return_frame(&mut self, link: usize) {
        let pipe = &mut self.links[link];
        let dialled = pipe.dialled;
        let Some(connection) = pipe.connection(dialled) else {
            return;
        };
        let is_orphan = connection.is_orphan;
        match connection.back.pop_front() {
            Some(Back::Welcome(progress)) => self.welcomed(link, progress),
            Some(Back::Acknowledgement(progress)) => self.acknowledged(link, progress),
            None if is_orphan => return self.cut(link),
            None => return,
        }
        self.saw("read late, after a crash", is_orphan);
    }

    fn welcomed(&mut self, link: usize, progress: Progress) {
        let welcome = self.outgoing(link).welcome(progress);
        welcome.expect("the Welcome of an honest peer fits the log");
        let fell_back = progress.arrived < self.links[link].welcomed;
        self.links[link].welcomed = self.links[link].welcomed.max(progress.arrived);
        self.saw("welcomed further back than before", fell_back);
        self.saw("resumed after a part", progress.logged < progress.arrived);
    }

    fn acknowledged(&mut self, link: usize, progress: Progress) {
        let Err(fault) = self.outgoing(link).acknowledge(progress) else {
            return;
        };
        // A receiver that hears two connections may speak of both on one.
        assert_eq!(self.drivers, Drivers::HearReplacedConnections, "{fault}");
        self.saw("closed a connection for an acknowledgement", true);
        self.cut(link);
    }

    pub(crate) fn give_up(&mut self, link: usize) {
        let dialled = self.links[link].dialled.take();
        self.outgoing(link).disconnect();
        let frames = self.links[link].connection(dialled).map_or(0, |c| c.forward.len());
        self.saw("gave up a connection that still carried frames", frames > 0);
    }

    pub(crate) fn reconnect(&mut self, link: usize) {
        self.give_up(link);
        self.dial(link);
        let newest = self.links[link].carrying().count() - 1;
        self.deliver(link, newest);
        self.return_frame(link);
    }

    pub(crate) fn cut(&mut self, link: usize) {
        if let Some(number) = self.links[link].dialled {
            let frames = self.close(link, number);
            self.saw("cut off frames", frames > 0);
        }
    }

    /// Closes a connection; if the sender uses it, it learns so.
    pub(crate) fn close(&mut self, link: usize, number: u64) -> usize {
        if self.links[link].dialled == Some(number) {
            self.links[link].dialled = None;
            self.outgoing(link).disconnect();
        }
        self.links[link].close(number)
    }

    fn answer(&mut self, link: usize, frame: Back) {
        let answered = self.links[link].answered;
        if let Some(connection) = self.links[link].connection(answered) {
            connection.back.push_back(frame);
        }
    }

    /// What is said to be logged must be in the log.
    fn assert_logged(&mut self, link: usize, progress: Progress) {
        let (from, to) = (self.links[link].from, self.links[link].to);
        let in_the_log = received(&self.process(to).log, from).count() as u64;
        assert!(
            progress.logged <= in_the_log,
            "{to} said {progress:?} of {from}, but logged {in_the_log}"
        );
        assert!(progress.logged <= progress.arrived);
    }
}
